/** What the operations need of the world. */
import type { Tx } from '@parkwise/runtime';
import type { Role } from '../domain/role.ts';
import type { RefreshToken, TokenFamily } from '../domain/refresh-token.ts';
import type { Scope } from '../domain/scope.ts';
import type { ServiceClient } from '../domain/service-client.ts';
import type { User, UserChange } from '../domain/user.ts';

export interface Users {
  byId(id: string, within?: Tx): Promise<User | undefined>;
  /** Whatever the capitals in which the address is written. */
  credentialsOf(email: string): Promise<{ readonly userId: string; readonly passwordHash: string } | undefined>;
  /** The latest first, those after the given place. */
  list(options: {
    readonly role?: Role;
    readonly after?: PlaceInList;
    readonly limit: number;
  }): Promise<readonly User[]>;
  /** How many administrators there are besides this one; nobody stops being one until the transaction ends. */
  otherAdmins(tx: Tx, id: string): Promise<number>;
  add(tx: Tx, change: UserChange, passwordHash: string): Promise<'added' | 'email-taken'>;
  /** Stores the change and publishes what happened, unless somebody else has changed the account before. */
  save(tx: Tx, change: UserChange): Promise<'saved' | 'stale'>;
}

export interface PlaceInList {
  readonly createdAt: Date;
  readonly id: string;
}

/** Hashing costs memory and time on purpose, so only so much of it is done at once. */
export interface Passwords {
  hash(password: string, signal?: AbortSignal): Promise<string | 'overloaded'>;
  /** Takes as long without a hash as with one. */
  verify(password: string, hash: string | undefined, signal?: AbortSignal): Promise<boolean | 'overloaded'>;
}

/** Counts attempts to sign in by account and by address. */
export interface SignInThrottle {
  attempt(
    who: SignInAttempt,
  ): Promise<{ readonly admitted: true } | { readonly admitted: false; readonly retryAfterSeconds: number }>;
  succeeded(who: SignInAttempt): Promise<void>;
}

export interface SignInAttempt {
  readonly email: string;
  readonly address: string | undefined;
}

/** Families of refresh tokens, each from one sign-in. */
export interface Sessions {
  start(tx: Tx, family: TokenFamily, token: RefreshToken): Promise<void>;
  /** The family is locked until the transaction ends. */
  find(tx: Tx, hash: string): Promise<{ readonly token: RefreshToken; readonly family: TokenFamily } | undefined>;
  /** Compare-and-set: false if the token has been used in the meantime. */
  rotate(tx: Tx, used: RefreshToken, next: RefreshToken): Promise<boolean>;
  revoke(tx: Tx, familyId: string): Promise<void>;
  revokeAllOf(tx: Tx, userId: string): Promise<void>;
}

/** Makes refresh tokens. A token is known by its hash alone once it has been handed out. */
export interface RefreshSecrets {
  next(): { readonly token: string; readonly hash: string };
  hashOf(token: string): string;
}

export interface AccessTokens {
  /** Seconds for which a token is good. */
  readonly lifetimeSeconds: number;
  issue(token: AccessTokenContent): Promise<string>;
  /** The session of a token that was issued here to this client and has not ended. */
  sessionOf(token: string, clientId: string): Promise<string | undefined>;
}

export interface AccessTokenContent {
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly Scope[];
  readonly roles: readonly Role[];
  /** Family of refresh tokens, for somebody who has signed in. */
  readonly session?: string;
}

export interface SigningKeys {
  /** Public keys, the newest first; there always is one. */
  published(): Promise<readonly PublishedKey[]>;
}

export interface PublishedKey {
  readonly id: string;
  readonly x: string;
  readonly y: string;
}

export interface RegisteredClients {
  kindOf(id: string): Promise<'first-party' | 'service' | undefined>;
  /** Takes as long for an unknown client as for a wrong secret. */
  authenticate(id: string, secret: string): Promise<ServiceClient | undefined>;
  /** Registers a service besides those that the settings name. */
  add(tx: Tx, client: ServiceClient, secret: string): Promise<void>;
}
