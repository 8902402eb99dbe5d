import type { Scope } from '../../domain/scope.ts';

/** What comes of asking for a token: the token, or why there is none. */
export type Grant =
  | {
      readonly outcome: 'granted';
      readonly accessToken: string;
      readonly scopes: readonly Scope[];
      readonly refreshToken?: string;
    }
  | { readonly outcome: 'invalid-client' | 'invalid-grant' | 'invalid-scope' | 'unauthorized-client' }
  | { readonly outcome: 'too-many-attempts'; readonly retryAfterSeconds: number };

export const refused = <const Outcome extends Exclude<Grant, { outcome: 'granted' | 'too-many-attempts' }>['outcome']>(
  outcome: Outcome,
): { readonly outcome: Outcome } => ({ outcome });
