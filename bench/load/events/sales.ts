/**
 * The service that commits: `sales.ts <database> <events> <namespace>`. Each order is a transaction with a row and an event in the
 * outbox; the relay is at work meanwhile.
 */
import type { EventBus } from '../../../runtime/src/messaging/event-bus.ts';
import { openBus } from '../../../runtime/src/messaging/open-bus.ts';
import { createPublish } from '../../../runtime/src/messaging/publish.ts';
import { startRelay } from '../../../runtime/src/messaging/relay.ts';
import { createServiceTopics } from '../../../runtime/src/messaging/start-consumers.ts';
import { openDatabase } from '../../../runtime/src/persistence/open-database.ts';
import { now, serveOrders } from '../worker.ts';
import { AT_ONCE, KEYS, orderPlaced, orders, TEXT, topic } from './contract.ts';

const [databaseUrl = '', eventsUrl = '', namespace = ''] = process.argv.slice(2);
const database = await openDatabase(databaseUrl);
await database.migrate([{ name: '0001-orders', up: (knex) => orders.create(knex) }]);
const bus = await openBus(eventsUrl);
await createServiceTopics(bus, [topic], namespace);
let sizes: number[] = [];
let lastAcknowledged = 0;
const counted: EventBus = {
  ...bus,
  async send(records) {
    sizes.push(records.length);
    await bus.send(records);
    lastAcknowledged = now();
  },
};
const publish = createPublish([orderPlaced], { source: 'sales', namespace });
const relay = startRelay({ database, bus: counted });
let made = 0;

const place = (): Promise<void> => {
  const number = (made += 1);
  return database.transaction(async (tx) => {
    const id = `order-${number}`;
    await orders.insert(tx, { id, text: TEXT, version: 1 });
    await publish['orderPlaced']?.(tx, { orderId: id, text: TEXT }, { key: `customer-${number % KEYS}`, sequence: 1 });
  });
};

export interface Sold {
  readonly firstCommit: number;
  readonly lastCommit: number;
  readonly lastAcknowledged: number;
  /** Records in each send of the relay. */
  readonly sizes: readonly number[];
}

serveOrders(
  async ({ count }: { readonly count: number }): Promise<Sold> => {
    sizes = [];
    let firstCommit = 0;
    let left = count;
    const customer = async (): Promise<void> => {
      for (; left > 0;) {
        left -= 1;
        await place();
        firstCommit ||= now();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, customer));
    const lastCommit = now();
    await relay.flush();
    return { firstCommit, lastCommit, lastAcknowledged, sizes };
  },
  async () => {
    await relay.stop();
    await bus.close();
    await database.close();
  },
);
