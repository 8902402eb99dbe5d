import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog } from '../messaging/embedded-log.ts';
import type { MessageHandler } from '../messaging/message.ts';
import type { AnyServiceDefinition } from '../process/any-service-definition.ts';
import type { BoundHandlers } from '../process/service-definition.ts';
import { startService } from '../process/start-service.ts';
import { uuidIds } from '../process/uuid-ids.ts';
import { credentialsOf } from './credentials-of.ts';
import { deliveries } from './deliveries.ts';
import { manualClock } from './manual-clock.ts';
import { operationClients, type Credentials, type OperationClientsOptions } from './operation-clients.ts';
import { recordedPublications } from './recorded-publications.ts';
import { stubClients } from './stub-clients.ts';
import { createTestDatabase } from './test-database.ts';
import { testLog } from './test-log.ts';
import type { Stubs, TestChannels, TestOptions, TestService, TestShape, TestUser } from './test-service.ts';
import { testTokens } from './test-tokens.ts';
import { watchedBus } from './watched-bus.ts';

const AUDIENCE = 'test';

/**
 * Starts a service for one test: real HTTP on a port of its own, SQLite and the event log in memory, a clock that stands still, and the
 * given answers of called services in place of those, held against their contracts. With PARKWISE_TEST_DATABASE_URL the database is one
 * of that server's (see `createTestDatabase`).
 *
 * ```ts
 * await using app = await startTestService(service, { stock: { getStock: async () => ({ status: 200, body: { pieces: 3 } }) } });
 * const placed = await app.as({ sub: 'ann', scopes: ['orders:write'] }).placeOrder({ body: { article: 'tea' } });
 * await app.deliver.paymentReceived({ orderId: placed.body.id });
 * ```
 *
 * @throws StartError when the service cannot start; Error for a stub of something that it does not call
 */
export const startTestService = async <Shape extends TestShape>(
  definition: AnyServiceDefinition,
  stubs: Stubs<Shape['clients']> = {},
  options: TestOptions = {},
): Promise<TestService<Shape>> => {
  const { tables } = definition;
  const folder = await mkdtemp(join(tmpdir(), 'parkwise-test-'));
  const clock = manualClock(options.now ?? new Date());
  const ids = uuidIds(clock);
  const bus = watchedBus(await openEmbeddedLog('sqlite::memory:'));
  const tokens = await testTokens({ folder, audience: AUDIENCE, clock });
  const publications = recordedPublications(tables.messages);
  const log = testLog(options.logLevel);
  const secret = randomBytes(24).toString('base64url');
  const wrong: Error[] = [];
  const inMemory = options.database !== 'file' && !process.env['PARKWISE_TEST_DATABASE_URL'];
  const database = inMemory ? undefined : await createTestDatabase();

  const service = await startService(definition, {
    env: {
      PARKWISE_MODE: 'development',
      PARKWISE_PORT: '0',
      PARKWISE_DATABASE_URL: database?.url ?? 'sqlite::memory:',
      PARKWISE_EVENTS_URL: 'sqlite::memory:',
      PARKWISE_AUDIENCE: AUDIENCE,
      PARKWISE_DEVELOPMENT_ISSUER: tokens.issuer,
      PARKWISE_DEVELOPMENT_JWKS_URL: `${tokens.issuer}/jwks.json`,
      PARKWISE_DEVELOPMENT_API_KEY_SECRET: secret,
      PARKWISE_SHUTDOWN_GRACE: 'PT3S',
      ...calledServices(definition),
      ...options.env,
    },
    clock,
    ids,
    log,
    bus,
    tokens: tokens.verifier,
    clients: stubClients(tables.clients, stubs as Record<string, Record<string, unknown>>, (error) =>
      wrong.push(error),
    ),
    decoratePublishers: publications.decorate,
    decorateHandlers: (handlers) => ({ ...handlers, messages: watchHandlers(handlers.messages, bus.handlerFailed) }),
    onContractViolation: (violation) => wrong.push(violation),
    jobTimers: false,
  }).catch(async (error: unknown) => {
    await bus.close();
    await database?.remove();
    await rm(folder, { recursive: true, force: true });
    throw error;
  });

  const throwWrong = (): void => {
    const [first] = wrong.splice(0);
    if (first) throw first;
  };
  const send = async (operationId: string, path: string, init: RequestInit): Promise<Response> => {
    const before = log.errors.length;
    const response = await fetch(service.url + path, init);
    throwWrong();
    if (response.status === 500) {
      throw new Error(`${operationId} failed: the handler threw`, { cause: log.errors.slice(before).at(-1) });
    }
    return response;
  };
  const clients = (authorize: OperationClientsOptions['authorize']): Shape['operations'] =>
    operationClients({ routes: tables.routes, authorize, send, nextKey: () => ids.next() });
  const credentials = credentialsOf({ schemes: tables.securitySchemes, secret, token: (user) => tokens.mint(user) });
  const channels = tables.live && (await import('./test-channels.ts')).testChannels;
  const watch = (user: TestUser | undefined): object => {
    if (!channels || !tables.live) throw new Error('the contract has no WebSocket channels');
    const live = tables.live;
    const shown = credentialsOf({ schemes: live.securitySchemes, secret, token: (of) => tokens.mint(of) });
    return channels({
      tables: live,
      url: service.url,
      authorize: async (channel) => (user ? headersShown(await shown(channel, user)) : {}),
    });
  };
  const stop = async (): Promise<void> => {
    await service.stop();
    await database?.remove();
    await rm(folder, { recursive: true, force: true });
  };

  return {
    url: service.url,
    as: (user) => clients((route) => credentials(route, user)),
    anonymous: () => clients(async () => ({})),
    watch: (user) => watch(user) as TestChannels<Shape>,
    token: (user: TestUser) => tokens.mint(user),
    fetch: (path, init) => fetch(service.url + path, init),
    deliver: deliveries({ consumers: tables.consumers, bus, clock, ids, check: throwWrong }),
    published: <Name extends keyof Shape['published'] & string>(name: Name) =>
      publications.named(name) as readonly Shape['published'][Name][],
    publishedMessages: publications.all,
    clock,
    async runJob(name) {
      await service.runJob(name);
      throwWrong();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
};

/** The stubs stand in for them; the configuration wants to know where they are all the same. */
const calledServices = ({ tables }: AnyServiceDefinition): Record<string, string> => ({
  PARKWISE_TOKEN_URL: 'http://stubbed.invalid/token',
  PARKWISE_CLIENT_SECRET: 'stubbed',
  ...Object.fromEntries(
    Object.values(tables.clients).map(({ service }) => [
      `PARKWISE_URL_${service.replaceAll('-', '_').toUpperCase()}`,
      'http://stubbed.invalid',
    ]),
  ),
});

/** Credentials of an upgrade, which has no body and, for those of a channel, none in the URL. */
const headersShown = ({ headers = {}, cookies = {} }: Credentials): Record<string, string> => {
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return { ...headers, ...(pairs.length > 0 && { cookie: pairs.join('; ') }) };
};

type Handlers = BoundHandlers['messages'];

/** Lets whoever delivered a message know what its handler threw. */
const watchHandlers = (handlers: Handlers, failed: (id: string, error: unknown) => void): Handlers =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]): [string, MessageHandler] => [
      name,
      async (message, context) => {
        try {
          await (handler as MessageHandler)(message, context);
        } catch (error) {
          failed(message.id, error);
          throw error;
        }
      },
    ]),
  );
