/** The tokens with which a service calls others: OAuth 2.0 client credentials (RFC 6749 section 4.4). */
import type { Clock } from '../process/service-definition.ts';

export interface ServiceTokensOptions {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
}

export interface ServiceTokens {
  /**
   * A token that has these scopes and some time left; fetched once, whoever asks.
   * @throws ServiceTokenError when the token endpoint gives none
   */
  get(scopes: readonly string[], signal?: AbortSignal): Promise<string>;
  /** Forgets a token that was refused, as after the rotation of keys. */
  forget(token: string): void;
}

/** The token endpoint refused, or cannot be reached. Holds no credentials. */
export class ServiceTokenError extends Error {
  override readonly name = 'ServiceTokenError';
}

/** A token that ends sooner than this is not used any more. */
const MARGIN_MS = 30_000;
const TIMEOUT_MS = 5_000;

interface Held {
  readonly token: string;
  readonly until: number;
}

export const createServiceTokens = (options: ServiceTokensOptions): ServiceTokens => {
  const { clock } = options;
  const held = new Map<string, Held>();
  const pending = new Map<string, Promise<Held>>();
  return {
    async get(scopes) {
      const scope = [...new Set(scopes)].toSorted().join(' ');
      const known = held.get(scope);
      if (known && known.until > clock.now().getTime()) return known.token;
      let request = pending.get(scope);
      if (!request) {
        request = requestToken(options, scope).finally(() => pending.delete(scope));
        pending.set(scope, request);
      }
      const fresh = await request;
      held.set(scope, fresh);
      return fresh.token;
    },
    forget(token) {
      for (const [scope, known] of held) if (known.token === token) held.delete(scope);
    },
  };
};

const requestToken = async (options: ServiceTokensOptions, scope: string): Promise<Held> => {
  const { tokenUrl, clientId, clientSecret, clock } = options;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  if (scope !== '') form.set('scope', scope);
  let answer: Response;
  let body: { access_token?: unknown; expires_in?: unknown };
  try {
    answer = await (options.fetch ?? fetch)(tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body = (await answer.json()) as typeof body;
  } catch (error) {
    throw new ServiceTokenError('The token endpoint cannot be reached', { cause: error });
  }
  if (!answer.ok) throw new ServiceTokenError(`The token endpoint answered ${answer.status}`);
  if (typeof body.access_token !== 'string') throw new ServiceTokenError('The token endpoint answered without a token');
  const lifetimeMs = (typeof body.expires_in === 'number' ? body.expires_in : 60) * 1000;
  return { token: body.access_token, until: clock.now().getTime() + lifetimeMs - Math.min(MARGIN_MS, lifetimeMs / 2) };
};
