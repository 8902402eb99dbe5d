import { createServer, type IncomingMessage } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

export interface Asked {
  /** Captured by the path's pattern. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly subject: string;
  readonly token: string;
}

export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly scope: string;
  answer(
    asked: Asked,
  ): Promise<{ readonly status: number; readonly body: object; readonly headers?: Record<string, string> }>;
}

export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export interface Issuer {
  readonly issuer: string;
  readonly jwksUrl: string;
}

/** A server on node:http that checks tokens and finds routes. A token that was found good is so until it ends. */
export const serve = ({ issuer, jwksUrl }: Issuer, routes: readonly Route[]) => {
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  const known = new Map<string, { subject: string; scopes: readonly string[]; until: number }>();

  const callerOf = async (token: string) => {
    const cached = known.get(token);
    if (cached && cached.until > Date.now()) return cached;
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience: 'parkwise' });
      const scopes = String(payload['scope'] ?? '').split(' ');
      const caller = { subject: payload.sub ?? '', scopes, until: (payload.exp ?? 0) * 1_000 };
      known.set(token, caller);
      return caller;
    } catch (error) {
      throw new Refusal(401, error instanceof Error ? error.message : 'no token');
    }
  };

  const answer = async (request: IncomingMessage) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://here');
    for (const route of routes) {
      const match = route.method === request.method ? route.path.exec(pathname) : null;
      if (!match) continue;
      const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
      const { subject, scopes } = await callerOf(token);
      if (!scopes.includes(route.scope)) throw new Refusal(403, `${route.scope} is needed`);
      return route.answer({ parts: match.slice(1), query, body: await bodyOf(request), subject, token });
    }
    throw new Refusal(404, 'no such path');
  };

  return createServer((request, response) => {
    const send = (status: number, body: object, headers: Record<string, string> = {}): void => {
      const text = JSON.stringify(body);
      const length = String(Buffer.byteLength(text));
      response
        .writeHead(status, { 'content-type': 'application/json', 'content-length': length, ...headers })
        .end(text);
    };
    answer(request).then(
      ({ status, body, headers }) => send(status, body, headers),
      (error: unknown) => {
        const status = error instanceof Refusal ? error.status : 500;
        send(status, { status, detail: error instanceof Error ? error.message : String(error) });
      },
    );
  });
};

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  if (request.method === 'GET') return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch (error) {
    throw new Refusal(400, String(error));
  }
};
