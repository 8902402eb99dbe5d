/**
 * A service in a process of its own, which kills itself with SIGKILL where it is told to: `sales database log die` places the order
 * "o-1", `warehouse database log die` handles orders. `die` is never, before-commit, after-commit or between-works: when the third of the
 * works that share a transaction has run.
 */
import { openDatabase } from '../../../src/persistence/open-database.ts';
import { openBus } from '../../../src/messaging/open-bus.ts';
import type { MessageContext } from '../../../src/messaging/message.ts';
import { createPublish } from '../../../src/messaging/publish.ts';
import { startRelay } from '../../../src/messaging/relay.ts';
import { readFaults } from '../../../src/messaging/sabotage.ts';
import { startConsumers } from '../../../src/messaging/start-consumers.ts';
import { consumer, orderPlaced, upcasters, type OrderReceived } from './order-messages.ts';
import { count, migrations } from './shop.ts';

const [role, databaseUrl = '', logUrl = '', dies = 'never', orders = '1'] = process.argv.slice(2);
const die = (): void => void process.kill(process.pid, 'SIGKILL');
const faults = readFaults('development');
const database = await openDatabase(databaseUrl);
await database.migrate(role === 'sales' ? [] : migrations);
const namespace = process.env['PARKWISE_NAMESPACE'] ?? '';
const bus = await openBus(logUrl, { leaseMs: Number(process.env['LEASE_MS'] ?? 10_000) });
await bus.createTopics([{ name: `${namespace}.shop.orders.events`, partitions: 4 }]);

if (role === 'sales') {
  const publish = createPublish([orderPlaced], { source: 'sales', namespace, faults, bus });
  for (let n = 1; n <= Number(orders); n += 1) {
    await database.transaction(async (tx) => {
      await publish['orderPlaced']!(tx, { orderId: `o-${n}`, total: n });
      if (dies === 'before-commit') die();
    });
  }
  if (dies === 'after-commit') die();
  // What earlier processes left behind is sent by the next one that runs.
  startRelay({ database, bus });
  process.send?.('running');
} else {
  let worked = 0;
  const onOrderPlaced = async (message: OrderReceived, context: MessageContext): Promise<void> => {
    if (dies === 'before-commit') {
      await new Promise((resolve) => setTimeout(resolve, 20));
      die();
    }
    const commit: MessageContext['commit'] = (work) =>
      context.commit(async (tx) => {
        const result = await work(tx);
        if (dies === 'between-works' && (worked += 1) === 3) die();
        return result;
      });
    await count(message, { ...context, commit }, database);
    if (dies === 'after-commit') die();
    process.send?.(message.payload.orderId);
  };
  await startConsumers([consumer()], { onOrderPlaced }, upcasters, { database, bus, namespace, faults });
  process.send?.('running');
}
