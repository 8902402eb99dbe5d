/** kafkajs by itself: `bare-receiver.ts <topic> <group> <partitions>`. The effect of an event is that it was parsed and counted. */
import { kafkaClient } from '../servers.ts';
import { now, serveOrders } from '../worker.ts';

const [topic = '', groupId = '', partitions = '1'] = process.argv.slice(2);
const consumer = kafkaClient().consumer({ groupId, maxWaitTimeInMs: 250 });
const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
let handled = 0;
let expected = Infinity;
let lastEffect = 0;
let done = Promise.withResolvers<void>();
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: Number(partitions),
  eachMessage: async ({ message }) => {
    const { payload } = JSON.parse(String(message.value)) as { readonly payload: { readonly orderId: string } };
    if (payload.orderId !== '') handled += 1;
    if (handled < expected) return;
    lastEffect = now();
    done.resolve();
  },
});
await joined;

serveOrders(
  async (order: { readonly expect: number } | { readonly wait: true }): Promise<object> => {
    if ('expect' in order) {
      expected = handled + order.expect;
      done = Promise.withResolvers();
      return {};
    }
    await done.promise;
    return { lastEffect };
  },
  () => consumer.disconnect(),
);
