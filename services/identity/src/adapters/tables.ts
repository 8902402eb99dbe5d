import { column, table } from '@parkwise/runtime';
import type { Scope } from '../domain/scope.ts';
import type { Business } from '../domain/user.ts';

export const users = table('users', {
  id: column.uuid(),
  email: column.text({ max: 254 }),
  /** The address in the one spelling in which it is unique. */
  emailKey: column.text({ max: 254 }).unique(),
  passwordHash: column.text({ max: 255 }),
  displayName: column.text({ max: 80 }),
  locale: column.text({ max: 6 }),
  contactChannel: column.text({ max: 8 }),
  phone: column.text({ max: 16 }).optional(),
  vehiclePlate: column.text({ max: 15 }).optional(),
  business: column.json<Business>().optional(),
  version: column.integer(),
  createdAt: column.instant(),
  updatedAt: column.instant(),
});

export const userRoles = table('user_roles', {
  userId: column.uuid().primaryKey().references('users'),
  role: column.text({ max: 8 }).primaryKey(),
});

export const tokenFamilies = table('token_families', {
  id: column.uuid(),
  userId: column.uuid().references('users'),
  clientId: column.text({ max: 64 }),
  scope: column.text({ max: 500 }),
  startedAt: column.instant(),
  expiresAt: column.instant(),
  revokedAt: column.instant().optional(),
});

export const refreshTokens = table('refresh_tokens', {
  /** SHA-256 of the token, which itself is nowhere. */
  hash: column.text({ max: 64 }).primaryKey(),
  familyId: column.uuid().references('token_families'),
  issuedAt: column.instant(),
  expiresAt: column.instant(),
  usedAt: column.instant().optional(),
});

export const signingKeys = table('signing_keys', {
  /** Thumbprint of the public key (RFC 7638): the token's `kid`. */
  id: column.text({ max: 64 }),
  /** Unique, so that of two processes that rotate at once only one does. */
  generation: column.integer().unique(),
  activatesAt: column.instant(),
  publicKey: column.json<PublicKey>(),
  privateKey: column.json<PublicKey & { readonly d: string }>(),
});

/** A JWK (RFC 7517) of P-256. */
export interface PublicKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** Services that are not named in the settings. */
export const serviceClients = table('service_clients', {
  id: column.text({ max: 64 }),
  /** SHA-256 of the secret. */
  secretHash: column.text({ max: 64 }),
  scopes: column.json<readonly Scope[]>(),
});

export const signInWindows = table('sign_in_windows', {
  /** SHA-256 of the account or the network: neither is of use to who reads the table. */
  id: column.text({ max: 64 }),
  attempts: column.integer(),
  endsAt: column.instant(),
});
