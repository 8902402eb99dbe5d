import { randomUUID } from 'node:crypto';
import type { RouteDefinition } from '../http/contract.ts';
import { operationClients } from './operation-clients.ts';

/** Where a running service is, and as whom to call it. */
export interface ConnectOptions {
  /** `http://127.0.0.1:4001`, without the contract's base path. */
  readonly url: string;
  /** Access token, or what gets one for each request; absent: calls without. */
  readonly token?: string | (() => Promise<string>);
}

/**
 * Calls the operations of a running service: a method per operation id, which resolves with whatever is answered. A missing
 * `Idempotency-Key` is made up. Rejects with fetch's TypeError when the service cannot be reached.
 */
export const connectOperations = <Operations>(
  routes: readonly RouteDefinition[],
  options: ConnectOptions,
): Operations => {
  const { url, token } = options;
  return operationClients({
    routes,
    authorize: async () =>
      token === undefined
        ? {}
        : { headers: { authorization: `Bearer ${typeof token === 'string' ? token : await token()}` } },
    send: (_, path, init) => fetch(url + path, init),
    nextKey: randomUUID,
  }) as Operations;
};
