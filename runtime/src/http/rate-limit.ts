/** How often somebody may call: by subject where the caller is known, by address elsewhere. In memory, per process. */
import type { Clock } from '../process/service-definition.ts';
import type { Exchange } from './exchange.ts';
import { Problem } from './problem.ts';

export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

export interface RateLimits {
  /** For everybody without a limit of its own; absent: none. */
  readonly default?: RateLimit;
  /** By operation id, such as the login's; counted apart from the default. */
  readonly operations?: Readonly<Record<string, RateLimit>>;
}

/** Throws Problem 429; sets `RateLimit` headers (draft-ietf-httpapi-ratelimit-headers). */
export type LimitRate = (exchange: Exchange) => void;

interface Window {
  endsAt: number;
  used: number;
}

/** Callers remembered at once; beyond it the longest unseen are forgotten, and start afresh. */
const MAX_CALLERS = 50_000;

export const createRateLimiter = (limits: RateLimits, clock: Clock) => {
  const windows = new Map<string, Window>();

  const take = (key: string, { requests, windowMs }: RateLimit): { remaining: number; seconds: number } => {
    const now = clock.now().getTime();
    let window = windows.get(key);
    // Re-inserted on every use: the map's order is that of last use.
    windows.delete(key);
    if (!window || window.endsAt <= now) window = { endsAt: now + windowMs, used: 0 };
    windows.set(key, window);
    if (windows.size > MAX_CALLERS) windows.delete(windows.keys().next().value ?? '');
    window.used += 1;
    return { remaining: requests - window.used, seconds: Math.max(1, Math.ceil((window.endsAt - now) / 1000)) };
  };

  /** The check of one operation; undefined when nothing limits it. */
  return (operationId: string): LimitRate | undefined => {
    const own =
      limits.operations && Object.hasOwn(limits.operations, operationId) ? limits.operations[operationId] : undefined;
    const limit = own ?? limits.default;
    if (!limit) return undefined;
    const scope = own ? operationId : '';
    const policy = `"${scope || 'default'}";q=${limit.requests};w=${Math.ceil(limit.windowMs / 1000)}`;
    return (exchange) => {
      const caller = exchange.auth ? `s:${exchange.auth.subject}` : `a:${exchange.request.socket.remoteAddress ?? ''}`;
      const { remaining, seconds } = take(`${scope}|${caller}`, limit);
      exchange.extraHeaders = {
        'ratelimit-policy': policy,
        ratelimit: `"${scope || 'default'}";r=${Math.max(0, remaining)};t=${seconds}`,
      };
      if (remaining < 0) throw new Problem('too-many-requests', { headers: { 'retry-after': String(seconds) } });
    };
  };
};

export type RateLimiter = ReturnType<typeof createRateLimiter>;
