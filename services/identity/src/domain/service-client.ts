import type { Scope } from './scope.ts';

/** A service that asks for tokens of its own. */
export interface ServiceClient {
  readonly id: string;
  readonly scopes: readonly Scope[];
}
