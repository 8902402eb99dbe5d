/** Which web pages may connect. Browsers always say where a page comes from; other clients say nothing, and need no permission. */
import type { IncomingMessage } from 'node:http';

export interface OriginRules {
  /** Exact origins: `https://app.example.com`. */
  readonly allowed: readonly string[];
  /** Pages of this machine are let in; for development. */
  readonly allowLoopback: boolean;
}

export const isOriginAllowed = ({ headers }: IncomingMessage, { allowed, allowLoopback }: OriginRules): boolean => {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  const url = URL.parse(origin);
  if (!url || !/^https?:$/.test(url.protocol)) return false;
  // A page that this very service has served.
  if (host !== undefined && url.host === host) return true;
  return allowLoopback && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
};
