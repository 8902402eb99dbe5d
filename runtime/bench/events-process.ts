/** One service of the bench, in a process of its own: `sales database log count rate` or `warehouse database log count`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Validator } from '../src/http/contract.ts';
import type { ConsumerDefinition, MessageDefinition } from '../src/messaging/contract.ts';
import { openEmbeddedLog } from '../src/messaging/embedded-log.ts';
import type { MessageContext, Received } from '../src/messaging/message.ts';
import { createPublish } from '../src/messaging/publish.ts';
import { startRelay } from '../src/messaging/relay.ts';
import { createServiceTopics, startConsumers } from '../src/messaging/start-consumers.ts';
import { column } from '../src/persistence/column.ts';
import { openDatabase } from '../src/persistence/open-database.ts';
import { table } from '../src/persistence/table.ts';

interface OrderPlaced {
  readonly orderId: string;
  readonly text: string;
}

const valid: Validator = (value) => typeof value === 'object' && value !== null;
const topic = { address: 'shop.orders.events', partitions: 8 };
const orderPlaced: MessageDefinition = {
  name: 'OrderPlaced',
  type: 'OrderPlaced',
  version: 1,
  topic: topic.address,
  envelope: {
    id: { in: 'payload', pointer: '/metadata/id' },
    type: { in: 'payload', pointer: '/metadata/type' },
    key: { in: 'payload', pointer: '/metadata/key' },
    data: { in: 'payload', pointer: '/payload' },
  },
  contentType: 'application/json',
  validate: valid,
  validateReceived: valid,
};
const consumer: ConsumerDefinition = {
  operationId: 'receiveOrderEvents',
  group: 'warehouse',
  topic,
  order: 'key',
  retryMs: [1_000],
  messages: [{ message: orderPlaced, handler: 'onOrderPlaced' }],
};
const rows = table('orders', { id: column.text({ max: 40 }), text: column.text(), version: column.integer() });

const [role, databaseUrl = '', logUrl = '', count = '0', rate = '1'] = process.argv.slice(2);
const database = await openDatabase(databaseUrl);
await database.migrate([{ name: '0001-orders', up: (knex) => rows.create(knex) }]);
const bus = await openEmbeddedLog(logUrl);
await createServiceTopics(bus, [topic]);
/** Comparable between processes, to a microsecond. */
const now = (): number => performance.timeOrigin + performance.now();
const times: (readonly [string, number])[] = [];

if (role === 'sales') {
  const publish = createPublish([orderPlaced], { source: 'sales' });
  const relay = startRelay({ database, bus });
  process.send?.('ready');
  await new Promise((resolve) => process.once('message', resolve));
  const started = performance.now();
  const commits: Promise<void>[] = [];
  for (let n = 0; n < Number(count); n += 1) {
    const wait = started + (n * 1_000) / Number(rate) - performance.now();
    if (wait > 0) await sleep(wait);
    commits.push(place(`order-${n}`));
  }
  await Promise.all(commits);
  await relay.stop();

  async function place(id: string): Promise<void> {
    await database.transaction(async (tx) => {
      await rows.insert(tx, { id, text: 'x'.repeat(200), version: 1 });
      const data: OrderPlaced = { orderId: id, text: 'x'.repeat(300) };
      await publish['orderPlaced']?.(tx, data, { key: `customer-${Number(id.slice(6)) % 50}`, sequence: 1 });
    });
    times.push([id, now()]);
  }
} else {
  const done = Promise.withResolvers<void>();
  const onOrderPlaced = async ({ payload }: Received<OrderPlaced>, { commit }: MessageContext): Promise<void> => {
    await commit((tx) => rows.insert(tx, { id: payload.orderId, text: payload.text, version: 1 }));
    times.push([payload.orderId, now()]);
    if (times.length === Number(count)) done.resolve();
  };
  const consumers = await startConsumers([consumer], { onOrderPlaced }, {}, { database, bus });
  process.send?.('ready');
  await done.promise;
  await consumers.stop();
}
await bus.close();
await database.close();
process.send?.(times, undefined, {}, () => process.disconnect());
