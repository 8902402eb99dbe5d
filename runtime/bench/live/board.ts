/** A service with one live channel, all of it as in earnest but for tokens. */
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import type { ChannelMessage, ChannelTables, Validator } from '../../src/codegen/v1.ts';
import { loadConfiguration } from '../../src/configuration/load-configuration.ts';
import { createHttpApplication } from '../../src/http/index.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { openDatabase } from '../../src/persistence/open-database.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { systemClock } from '../../src/process/system-clock.ts';
import { uuidIds } from '../../src/process/uuid-ids.ts';
import { openLive } from '../../src/realtime/open-live.ts';
import type { Tell } from '../../src/realtime/watch.ts';

const ajv = new Ajv2020({ strict: false });
const at = (pointer: string) => ({ in: 'payload', pointer }) as const;
const message = (name: string): ChannelMessage => ({
  name,
  publisher: name.toLowerCase(),
  type: name,
  version: 1,
  envelope: { type: at('/type'), sequence: at('/version'), data: at('/data') },
  validate: ajv.compile({ type: 'object', required: ['type', 'version', 'data'] } as AnySchema) as unknown as Validator,
});
const live: ChannelTables = {
  securitySchemes: { member: { kind: 'bearer' } },
  channels: [
    {
      name: 'board',
      handler: 'watchBoard',
      path: '/v1/board',
      security: [{ member: [] }],
      parameters: [],
      validate: {},
      sends: [message('Board'), message('Moved')],
      receives: [],
      live: { snapshot: 'Board', versions: 'number' },
    },
  ],
};
const moved = {
  orderId: '018f3c30-2d4e-7a5b-8c6d-2b3c4d5e6f01',
  status: 'MOVED',
  startsAt: '2037-03-02T09:00:00Z',
  endsAt: '2037-03-02T11:00:00Z',
};

export const startBoard = async (clients: number) => {
  const log = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
  const ids = uuidIds(systemClock);
  const database = await openDatabase('sqlite::memory:');
  await database.migrate([]);
  const tables = {
    name: 'boards',
    routes: [],
    securitySchemes: {},
    messages: [],
    topics: [],
    consumers: [],
    clients: {},
    documents: {},
    directory: new URL('.', import.meta.url),
    configuration: {},
    live,
  };
  const { runtime: settings } = loadConfiguration(tables, {
    PARKWISE_MODE: 'development',
    PARKWISE_AUDIENCE: 'bench',
    PARKWISE_DEVELOPMENT_ISSUER: 'http://issuer.invalid',
    PARKWISE_DEVELOPMENT_JWKS_URL: 'http://issuer.invalid/jwks',
    PARKWISE_LIVE_CONNECTIONS: String(clients),
    PARKWISE_LIVE_CONNECTIONS_PER_CALLER: String(clients),
  });
  const metrics = createMetrics({ service: 'boards', processMetrics: false });
  const served = await openLive({
    service: 'boards',
    tables: live,
    database,
    settings,
    clock: systemClock,
    ids,
    log,
    metrics,
  });
  const http = createHttpApplication({
    tables,
    operations: {},
    unitOfWork: createUnitOfWork(database, systemClock),
    log,
    metrics,
    clock: systemClock,
    ids,
  });
  const watchBoard = async ({ reply }: { reply: { watch(what: object): unknown } }) =>
    reply.watch({ rooms: 'one', snapshot: async () => ({}) });
  const claims = { exp: 4_000_000_000 };
  served.serve({
    http,
    handlers: { watchBoard: watchBoard as never },
    tokens: { verify: (subject) => ({ subject, scopes: [], roles: [], claims }) },
  });
  const { port } = await http.listen(0, '127.0.0.1');
  http.state.phase = 'ready';
  const { moved: tell } = served.publishers['board'] as { moved: Tell<unknown> };
  return {
    url: `ws://127.0.0.1:${port}/v1/board`,
    tell: () => database.transaction((tx) => tell(tx, 'one', moved)),
    /** A text as long as what clients of the channel hear. */
    sample: () => JSON.stringify({ type: 'Moved', version: Date.now(), data: moved }),
    close: async () => {
      await served.disconnect(1_000);
      await http.close(0);
      await served.close();
      await database.close();
    },
  };
};
