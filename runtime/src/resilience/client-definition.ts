import type { HttpMethod, Validator } from '../http/contract.ts';

/** What the generated `clients.ts` states of one called service. */
export interface ClientDefinition {
  readonly service: string;
  /** Base path of the called contract, such as `/v1`. The host comes from the configuration. */
  readonly basePath: string;
  readonly operations: Readonly<Record<string, ClientOperation>>;
}

export interface ClientOperation {
  readonly method: HttpMethod;
  readonly path: string;
  /** Scopes the service's own token needs for it. */
  readonly scopes: readonly string[];
  readonly timeoutMs: number;
  /** Further attempts after a transport failure or a 502, 503, 504; only where repeating is safe. */
  readonly retries: number;
  /** Over the declared fields alone, by status; unknown properties are tolerated. An answer that fails is a transport failure value. */
  readonly validate: Readonly<Record<string, Validator>>;
  /** JSON pointers of the success body that are handed on; absent: all. */
  readonly reads?: readonly string[];
}

/** What a generated client answers when there is no usable answer. It is a value, not a throw. */
export interface Unavailable {
  readonly status: 'unavailable';
  readonly reason: 'timeout' | 'network' | 'circuit-open' | 'invalid-answer' | 'undeclared-status';
  readonly detail: string;
}
