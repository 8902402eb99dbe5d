import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { CLIENT, driverRegistration, EMAIL } from './support/identity.ts';

const canary = 'canary seven blue umbrellas';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The service as it runs in production, with itself as the issuer that it trusts; `log` gathers all that it writes. */
async function startProcess() {
  const folder = await mkdtemp(join(tmpdir(), 'identity-'));
  const port = await freePort();
  const main = fileURLToPath(new URL('../src/generated/main.ts', import.meta.url));
  const process_ = spawn(process.execPath, ['--conditions=parkwise-source', main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      PARKWISE_MODE: 'production',
      PARKWISE_PORT: String(port),
      PARKWISE_DATABASE_URL: `sqlite:${join(folder, 'data.sqlite')}`,
      PARKWISE_EVENTS_URL: `sqlite:${join(folder, 'log.sqlite')}`,
      PARKWISE_ISSUER: 'https://identity.example',
      PARKWISE_AUDIENCE: 'parkwise',
      PARKWISE_JWKS_URL: `http://127.0.0.1:${port}/v1/.well-known/jwks.json`,
      PARKWISE_LOG_LEVEL: 'trace',
      IDENTITY_SERVICE_CLIENTS: JSON.stringify([
        { id: 'booking', secret: `${canary} of booking`, scopes: ['spots:read'] },
      ]),
    },
  });
  const log: string[] = [];
  const ready = Promise.withResolvers<void>();
  for (const stream of [process_.stdout, process_.stderr])
    createInterface(stream).on('line', (line) => {
      log.push(line);
      if (/"msg":"ready"/.test(line)) ready.resolve();
    });
  const closed = once(process_, 'close');
  void closed.then(() => ready.reject(new Error(`It ended before it was ready:\n${log.join('\n')}`)));
  await ready.promise;
  return {
    log,
    url: `http://127.0.0.1:${port}`,
    async stop() {
      process_.kill('SIGTERM');
      const [code] = (await closed) as [number];
      await rm(folder, { recursive: true });
      return code;
    },
  };
}

t.test('in production, its own tokens open its own doors, and no secret is in the log', async (t) => {
  const service = await startProcess();
  const json = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
  const body = JSON.stringify({ ...driverRegistration(), password: canary });
  const registered = await fetch(`${service.url}/v1/users`, { method: 'POST', headers: json, body });
  t.equal(registered.status, 201);

  const token = (fields: Record<string, string>) =>
    fetch(`${service.url}/v1/oauth/token`, { method: 'POST', body: new URLSearchParams(fields) });
  const person = { grant_type: 'password', client_id: CLIENT, username: EMAIL, password: canary };
  const signedIn = await token(person);
  t.equal(signedIn.status, 200);
  const issued = (await signedIn.json()) as { access_token: string; refresh_token: string };
  const me = (bearer: string) => fetch(`${service.url}/v1/me`, { headers: { authorization: `Bearer ${bearer}` } });
  t.equal((await me(issued.access_token)).status, 200);
  t.equal((await me(`${issued.access_token.slice(0, -8)}AAAAAAAA`)).status, 401);

  t.equal((await token({ ...person, password: `${canary} wrong` })).status, 400);
  t.equal((await token({ ...person, surplus: canary })).status, 400);
  const renewal = { grant_type: 'refresh_token', client_id: CLIENT, refresh_token: issued.refresh_token };
  t.equal((await token(renewal)).status, 200);
  t.equal((await token(renewal)).status, 400);
  const booking = { grant_type: 'client_credentials', client_id: 'booking', client_secret: `${canary} of booking` };
  const answer = await token(booking);
  t.equal(answer.status, 200);
  const { access_token: ofService } = (await answer.json()) as { access_token: string };
  t.equal((await me(ofService)).status, 403, 'a service has no account');

  t.equal(await service.stop(), 0);
  const log = service.log.join('\n');
  t.match(log, /issueToken/, 'something is logged');
  for (const secret of ['umbrellas', issued.access_token, issued.refresh_token, ofService, 'argon2', '"d":', EMAIL])
    t.notOk(log.includes(secret), `the log holds no ${secret.slice(0, 12)}`);
});
