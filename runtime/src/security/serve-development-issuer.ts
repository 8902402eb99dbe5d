import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSameSecret, type DevelopmentIssuer } from './development-issuer.ts';

/** A service of the workspace that asks for tokens of its own. */
export interface DevelopmentClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** What it may ask for; absent: anything. */
  readonly scopes?: readonly string[];
}

export interface ServedIssuer extends AsyncDisposable {
  /** Such as `http://127.0.0.1:4400`. */
  readonly url: string;
  readonly jwksUrl: string;
  readonly tokenUrl: string;
  close(): Promise<void>;
}

export interface ServeIssuerOptions {
  readonly issuer: DevelopmentIssuer;
  readonly clients: readonly DevelopmentClient[];
  readonly port: number;
  readonly host?: string;
}

const MAX_FORM_BYTES = 8 * 1024;

/** Serves `/.well-known/jwks.json`, `/token` (client credentials) and `/health/ready`. */
export const serveDevelopmentIssuer = async ({
  issuer,
  clients,
  port,
  host = '127.0.0.1',
}: ServeIssuerOptions): Promise<ServedIssuer> => {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method === 'GET' && path === '/.well-known/jwks.json') send(response, 200, issuer.jwks);
    else if (request.method === 'GET' && path === '/health/ready') send(response, 200, { status: 'ready' });
    else if (request.method === 'POST' && path === '/token') void answerToken(request, response, { issuer, clients });
    else send(response, 404, { error: 'not_found' });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url,
    jwksUrl: `${url}/.well-known/jwks.json`,
    tokenUrl: `${url}/token`,
    close,
    [Symbol.asyncDispose]: close,
  };
};

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
};

const answerToken = async (
  request: IncomingMessage,
  response: ServerResponse,
  { issuer, clients }: Pick<ServeIssuerOptions, 'issuer' | 'clients'>,
): Promise<void> => {
  const form = await readForm(request);
  if (!form || form.get('grant_type') !== 'client_credentials')
    return send(response, 400, { error: form ? 'unsupported_grant_type' : 'invalid_request' });
  const client = clients.find(({ clientId }) => clientId === form.get('client_id'));
  if (!client || !isSameSecret(form.get('client_secret') ?? '', client.clientSecret))
    return send(response, 401, { error: 'invalid_client' });
  const { scopes } = client;
  const wanted = (form.get('scope') ?? scopes?.join(' ') ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes && !wanted.every((scope) => scopes.includes(scope)))
    return send(response, 400, { error: 'invalid_scope' });
  const token = await issuer.mint({ subject: client.clientId, scopes: wanted, roles: ['service'] });
  return send(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 600, scope: wanted.join(' ') });
};

const readForm = async (request: IncomingMessage): Promise<URLSearchParams | undefined> => {
  try {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) {
      text += String(chunk);
      if (text.length > MAX_FORM_BYTES) return undefined;
    }
    return new URLSearchParams(text);
  } catch {
    // The client is gone; the answer goes nowhere.
    return undefined;
  }
};
