import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { createVerifier } from '../../src/security/create-verifier.ts';
import { openDevelopmentIssuer } from '../../src/security/development-issuer.ts';
import { serveDevelopmentIssuer } from '../../src/security/serve-development-issuer.ts';
import { createServiceTokens, ServiceTokenError } from '../../src/security/service-tokens.ts';
import { manualClock } from './signing-issuer.ts';

const names = { issuer: 'http://development.test', audience: 'workspace' };
const clients = [{ clientId: 'orders', clientSecret: 'a long secret', scopes: ['items:read', 'items:write'] }];
const newDirectory = (): string => mkdtempSync(join(tmpdir(), 'development-issuer-'));
const systemClock = { now: () => new Date() };

t.test('mints tokens that services accept, and keeps its key', async (t) => {
  const directory = newDirectory();
  const issuer = await openDevelopmentIssuer({ directory, ...names });
  await using served = await serveDevelopmentIssuer({ issuer, clients, port: 0 });
  const verifier = createVerifier({
    mode: 'development',
    developmentIssuer: { ...names, jwksUrl: served.jwksUrl },
    clock: systemClock,
  });
  const token = await issuer.mint({ subject: 'ana', scopes: ['a', 'b'], roles: ['admin'], lifetimeSeconds: 86_400 });
  t.match(
    await verifier.verify(token),
    { subject: 'ana', scopes: ['a', 'b'], roles: ['admin'] },
    'and not for longer than ten minutes',
  );
  const again = await openDevelopmentIssuer({ directory, ...names });
  t.strictSame(again.jwks, issuer.jwks);
  t.notMatch(JSON.stringify(issuer.jwks), '"d":', 'the private part stays');
});

t.test('service tokens', async (t) => {
  const clock = manualClock(new Date().toISOString());
  const issuer = await openDevelopmentIssuer({ directory: newDirectory(), ...names });
  await using served = await serveDevelopmentIssuer({ issuer, clients, port: 0 });
  let requests = 0;
  const counting = ((...args: Parameters<typeof fetch>) => {
    requests += 1;
    return fetch(...args);
  }) as typeof fetch;
  const tokens = createServiceTokens({
    tokenUrl: served.tokenUrl,
    clientId: 'orders',
    clientSecret: 'a long secret',
    clock,
    fetch: counting,
  });
  const [first, second] = await Promise.all([tokens.get(['items:read']), tokens.get(['items:read'])]);
  t.equal(first, second);
  t.equal(requests, 1, 'asked for once');
  t.equal(await tokens.get(['items:read']), first);
  clock.advance(590_000);
  await tokens.get(['items:read']);
  t.equal(requests, 2, 'renewed before it ends');
  await t.rejects(tokens.get(['payments:write']), ServiceTokenError);
  const wrong = createServiceTokens({ tokenUrl: served.tokenUrl, clientId: 'orders', clientSecret: 'canary', clock });
  await t.rejects(wrong.get([]), { name: 'ServiceTokenError', message: /^(?!.*canary)/ });
  const nowhere = createServiceTokens({
    tokenUrl: 'http://127.0.0.1:1/token',
    clientId: 'a',
    clientSecret: 'b',
    clock,
  });
  await t.rejects(nowhere.get([]), ServiceTokenError);
});
