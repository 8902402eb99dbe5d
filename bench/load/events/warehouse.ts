/** The service that handles: `warehouse.ts <database> <events> <namespace>`. The effect of an event is a row, with the inbox row. */
import { openBus } from '../../../runtime/src/messaging/open-bus.ts';
import type { MessageContext, Received } from '../../../runtime/src/messaging/message.ts';
import { startConsumers } from '../../../runtime/src/messaging/start-consumers.ts';
import { openDatabase } from '../../../runtime/src/persistence/open-database.ts';
import { now, serveOrders } from '../worker.ts';
import { consumer, orders, type OrderPlaced } from './contract.ts';

const [databaseUrl = '', eventsUrl = '', namespace = ''] = process.argv.slice(2);
const database = await openDatabase(databaseUrl);
await database.migrate([{ name: '0001-orders', up: (knex) => orders.create(knex) }]);
const bus = await openBus(eventsUrl);
let handled = 0;
let expected = Infinity;
let lastEffect = 0;
let done = Promise.withResolvers<void>();

const onOrderPlaced = async ({ payload }: Received<OrderPlaced>, { commit }: MessageContext): Promise<void> => {
  await commit((tx) => orders.insert(tx, { id: payload.orderId, text: payload.text, version: 1 }));
  handled += 1;
  if (handled < expected) return;
  lastEffect = now();
  done.resolve();
};

let consumers: Awaited<ReturnType<typeof startConsumers>> | undefined;
const start = async (): Promise<void> => {
  consumers ??= await startConsumers([consumer], { onOrderPlaced }, {}, { database, bus, namespace });
};

/** `expect`: so many more, from now on; `wait`: until they have had their effect; `start`: begins to receive. */
export type WarehouseOrder = { readonly expect: number } | { readonly wait: true } | { readonly start: true };

export interface Handled {
  readonly lastEffect: number;
  /** Effects in the database. */
  readonly rows: number;
}

serveOrders(
  async (order: WarehouseOrder): Promise<object> => {
    if ('start' in order) await start();
    if ('expect' in order) {
      expected = handled + order.expect;
      done = Promise.withResolvers();
    }
    if (!('wait' in order)) return {};
    await done.promise;
    return { lastEffect, rows: await orders.count(database) } satisfies Handled;
  },
  async () => {
    await consumers?.stop(5_000);
    await bus.close();
    await database.close();
  },
);
