import type { Scope } from './scope.ts';

/** All refresh tokens that come from one sign-in. */
export interface TokenFamily {
  readonly id: string;
  readonly userId: string;
  readonly clientId: string;
  readonly scopes: readonly Scope[];
  readonly startedAt: Date;
  /** However often a token is renewed, this is when the person signs in again. */
  readonly expiresAt: Date;
  readonly revokedAt?: Date;
}

export interface RefreshToken {
  readonly hash: string;
  readonly familyId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly usedAt?: Date;
}

/** How long a token may lie unused, and how long its family may live. In milliseconds. */
export interface RefreshPolicy {
  readonly idleMs: number;
  readonly totalMs: number;
}

/**
 * What a presented token is worth. `reused`: somebody else has used it before, so one of the two has stolen it and the family has
 * to end (RFC 9700, 4.14.2).
 */
export function judgeRefresh(
  token: RefreshToken,
  family: TokenFamily,
  { clientId, now }: { clientId: string; now: Date },
): 'rotate' | 'reused' | 'refused' {
  if (family.clientId !== clientId || family.revokedAt || family.expiresAt <= now) return 'refused';
  if (token.usedAt) return 'reused';
  return token.expiresAt <= now ? 'refused' : 'rotate';
}

/** The family that a sign-in starts. */
export function startFamily(
  signIn: { id: string; userId: string; clientId: string; scopes: readonly Scope[]; now: Date },
  { totalMs }: RefreshPolicy,
): TokenFamily {
  const { now, ...given } = signIn;
  return { ...given, startedAt: now, expiresAt: new Date(now.getTime() + totalMs) };
}

/** The family's next token; it never outlives the family. */
export function nextToken(family: TokenFamily, hash: string, now: Date, { idleMs }: RefreshPolicy): RefreshToken {
  const expiresAt = new Date(Math.min(now.getTime() + idleMs, family.expiresAt.getTime()));
  return { hash, familyId: family.id, issuedAt: now, expiresAt };
}
