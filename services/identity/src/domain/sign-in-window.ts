/** Attempts of one account or one address to sign in, counted until the window ends. */
export interface SignInWindow {
  readonly attempts: number;
  readonly endsAt: Date;
}

export interface SignInLimit {
  readonly attempts: number;
  readonly windowMs: number;
}

/** Counts an attempt, or says how long to wait. The attempt counts before it is decided, so that many at once gain nothing. */
export function attempt(
  window: SignInWindow | undefined,
  now: Date,
  limit: SignInLimit,
): { admitted: true; window: SignInWindow } | { admitted: false; retryAfterSeconds: number } {
  if (!window || window.endsAt <= now)
    return { admitted: true, window: { attempts: 1, endsAt: new Date(now.getTime() + limit.windowMs) } };
  if (window.attempts < limit.attempts) return { admitted: true, window: { ...window, attempts: window.attempts + 1 } };
  return {
    admitted: false,
    retryAfterSeconds: Math.max(1, Math.ceil((window.endsAt.getTime() - now.getTime()) / 1000)),
  };
}

/** Takes back an attempt that has succeeded. */
export const takeBack = (window: SignInWindow): SignInWindow => ({
  ...window,
  attempts: Math.max(0, window.attempts - 1),
});

/**
 * Whom an address stands for. Whoever has one IPv6 address has the 2^64 around it, so those count as one; an IPv4 address within
 * IPv6 is the IPv4 address.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? [];
  const [left, right] = [head, tail].map((part) => part.split(':').filter((group) => group !== ''));
  const gap = address.includes('::') ? 8 - (left?.length ?? 0) - (right?.length ?? 0) : 0;
  const groups = [...(left ?? []), ...Array<string>(Math.max(0, gap)).fill('0'), ...(right ?? [])];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
