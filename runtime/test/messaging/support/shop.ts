/** Two services around one bus, real in all parts: `sales` publishes orders, `warehouse` counts them. */
import { openDatabase } from '../../../src/persistence/open-database.ts';
import { column } from '../../../src/persistence/column.ts';
import { table } from '../../../src/persistence/table.ts';
import type { Database } from '../../../src/persistence/database.ts';
import type { ConsumerOptions } from '../../../src/messaging/consumer-options.ts';
import type { ConsumerDefinition } from '../../../src/messaging/contract.ts';
import type { EventLog, TopicSettings } from '../../../src/messaging/event-bus.ts';
import type { OpenBusOptions } from '../../../src/messaging/open-bus.ts';
import type { MessageContext } from '../../../src/messaging/message.ts';
import { noMessagingMetrics, type Outcome } from '../../../src/messaging/messaging-metrics.ts';
import { createPublish, type Publishers, type PublishOptions } from '../../../src/messaging/publish.ts';
import { startConsumers, type RunningConsumers } from '../../../src/messaging/start-consumers.ts';
import { startRelay, type Relay, type RelayOptions } from '../../../src/messaging/relay.ts';
import { consumer, orderPlaced, orderPlacedV1, stockLow, upcasters, type OrderReceived } from './order-messages.ts';
import type { Transport } from './transports.ts';
import { until } from './until.ts';

export const effects = table('effects', {
  id: column.serial(),
  orderId: column.text(),
  total: column.integer(),
  eventId: column.text(),
});

export const migrations = [
  { name: '0001-effects', up: (knex: Parameters<typeof effects.create>[0]) => effects.create(knex) },
];

export interface Shop extends AsyncDisposable {
  readonly bus: EventLog;
  /** Physical name of the topic of orders. */
  readonly orders: string;
  /** A physical name. */
  name(topicOrGroup: string): string;
  readonly sales: Database;
  readonly warehouse: Database;
  readonly publish: Publishers;
  readonly relay: Relay;
  /** Outcomes that the consumers reported, in order. */
  readonly outcomes: Outcome[];
  /** Orders whose effect was stored, in order. */
  handled(): Promise<readonly string[]>;
  deadLetters(): ReturnType<EventLog['read']>;
  placeOrder(orderId: string, total?: number): Promise<void>;
  startWarehouse(
    handler?: Handler,
    settings?: Partial<ConsumerDefinition>,
    options?: Partial<ConsumerOptions>,
  ): Promise<RunningConsumers>;
  /** Waits until `count` messages have been consumed with that outcome. */
  outcome(outcome: Outcome, count?: number): Promise<unknown>;
}

export type Handler = (message: OrderReceived, context: MessageContext, database: Database) => Promise<void>;

/** Stores one effect per message. */
export const count: Handler = ({ payload, id }, { commit }) =>
  commit((tx) => effects.insert(tx, { orderId: payload.orderId, total: payload.total, eventId: id }));

interface ShopSettings {
  readonly publish?: Partial<PublishOptions>;
  readonly relay?: Partial<RelayOptions>;
  readonly bus?: OpenBusOptions;
  readonly topics?: Partial<TopicSettings>;
}

export async function openShop(transport: Transport, settings: ShopSettings = {}): Promise<Shop> {
  const world = await transport.prepare();
  const { namespace } = world;
  const name = (wanted: string): string => world.name(wanted);
  const orders = name('shop.orders.events');
  const bus = await world.open(settings.bus);
  const sales = await openDatabase('sqlite::memory:');
  const place = await transport.database?.();
  const warehouse = await openDatabase(place?.url ?? 'sqlite::memory:');
  await sales.migrate([]);
  await warehouse.migrate(migrations);
  await bus.createTopics([
    { name: orders, partitions: 4, ...settings.topics },
    { name: name('shop.stock.events'), partitions: 4 },
  ]);
  const publish = createPublish([orderPlaced, orderPlacedV1, stockLow], {
    source: 'sales',
    namespace,
    ...settings.publish,
  });
  const relay = startRelay({ database: sales, bus, ...settings.relay });
  const outcomes: Outcome[] = [];
  const metrics = {
    ...noMessagingMetrics,
    consumed: (_: string, __: string, outcome: Outcome) => void outcomes.push(outcome),
  };
  const running: RunningConsumers[] = [];
  return {
    bus,
    orders,
    name,
    sales,
    warehouse,
    publish,
    relay,
    outcomes,
    handled: async () => (await effects.find(warehouse, {}, { orderBy: 'id' })).map((row) => row.orderId),
    deadLetters: () => bus.read(`${orders}.warehouse.dlt`),
    placeOrder: (orderId, total = 1) => sales.transaction((tx) => publish['orderPlaced']!(tx, { orderId, total })),
    async startWarehouse(handler = count, definition = {}, options = {}) {
      const handlers = {
        onOrderPlaced: (message: OrderReceived, context: MessageContext) => handler(message, context, warehouse),
      };
      const started = await startConsumers([consumer(definition)], handlers, upcasters, {
        database: warehouse,
        bus,
        namespace,
        metrics,
        ...options,
      });
      running.push(started);
      return started;
    },
    outcome: (outcome, count = 1) =>
      until(
        `${count} × ${outcome}, got ${outcomes.join()}`,
        () => outcomes.filter((one) => one === outcome).length >= count,
      ),
    async [Symbol.asyncDispose]() {
      await relay.stop();
      await Promise.all(running.map((one) => one.stop(0)));
      await bus.close();
      await sales.close();
      await warehouse.close();
      await place?.remove();
      await world.remove();
    },
  };
}
