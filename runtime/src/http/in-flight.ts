/** The requests that are being answered: their time limit, and the wait for the last of them. */
import type { Exchange } from './exchange.ts';

const SWEEP_MS = 500;

export interface InFlight {
  readonly size: number;
  add(exchange: Exchange): void;
  remove(exchange: Exchange): void;
  /** Resolves once there is none. */
  drained(): Promise<void>;
  stop(): void;
}

/**
 * One sweep for all instead of a timer for each.
 * @param expire called for a request that has taken longer than the limit
 */
export const trackInFlight = (limitMs: number, expire: (exchange: Exchange) => void): InFlight => {
  const exchanges = new Set<Exchange>();
  let waiting: (() => void)[] = [];
  const sweep = setInterval(() => {
    const oldest = performance.now() - limitMs;
    // In order of start: the first that is young enough ends the sweep.
    for (const exchange of exchanges) {
      if (exchange.startedAt > oldest) break;
      expire(exchange);
    }
  }, SWEEP_MS);
  sweep.unref();
  return {
    get size() {
      return exchanges.size;
    },
    add: (exchange) => void exchanges.add(exchange),
    remove(exchange) {
      exchanges.delete(exchange);
      if (exchanges.size > 0 || waiting.length === 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    drained: () => (exchanges.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    stop: () => clearInterval(sweep),
  };
};
