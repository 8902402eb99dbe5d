import type { Exchange } from './exchange.ts';

/** What the runtime adds to Koa's context. */
export interface HttpContext {
  exchange: Exchange;
}
