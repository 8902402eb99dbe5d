import type { Role } from './role.ts';

/** Every scope there is. What one allows stands in the contracts. */
export const scopes = [
  'profile:read',
  'profile:write',
  'users:read',
  'users:write',
  'spots:read',
  'spots:write',
  'bookings:read',
  'bookings:write',
] as const;

export type Scope = (typeof scopes)[number];

const ofRole: Readonly<Record<Role, readonly Scope[]>> = {
  driver: ['profile:read', 'profile:write', 'spots:read', 'bookings:read', 'bookings:write'],
  provider: ['profile:read', 'profile:write', 'spots:read', 'spots:write', 'bookings:read'],
  admin: scopes,
};

/** What a service may have at most, whatever its registration says. */
export const serviceScopes: readonly Scope[] = ['spots:read', 'bookings:read'];

export const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text);

export const scopesOf = (roles: readonly Role[]): readonly Scope[] =>
  scopes.filter((scope) => roles.some((role) => ofRole[role].includes(scope)));

/**
 * The scopes that a token gets: those asked for that are allowed, or all allowed ones where none are asked for. An unknown scope,
 * and a request of which nothing would be left, is refused.
 */
export function grantScopes(
  requested: string | undefined,
  allowed: readonly Scope[],
): readonly Scope[] | 'invalid-scope' {
  if (requested === undefined) return allowed.length > 0 ? allowed : 'invalid-scope';
  const wanted = requested.split(' ').filter((word) => word !== '');
  if (!wanted.every(isScope)) return 'invalid-scope';
  const granted = allowed.filter((scope) => wanted.includes(scope));
  return granted.length > 0 ? granted : 'invalid-scope';
}
