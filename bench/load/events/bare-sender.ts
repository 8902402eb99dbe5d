/** kafkajs by itself, with the guarantees that the relay asks for: `bare-sender.ts <topic>`. Each send is awaited. */
import { kafkaProducer } from '../servers.ts';
import { now, serveOrders } from '../worker.ts';
import { KEYS, TEXT } from './contract.ts';

const [topic = ''] = process.argv.slice(2);
const producer = kafkaProducer();
await producer.connect();
let made = 0;

/** As large as what the relay sends. */
const message = () => {
  const number = (made += 1);
  const id = `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const key = `customer-${number % KEYS}`;
  return {
    key,
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_type: 'OrderPlaced',
      ce_source: 'sales',
      'content-type': 'application/json',
    },
    value: JSON.stringify({
      metadata: { id, type: 'OrderPlaced', key },
      payload: { orderId: `order-${number}`, text: TEXT },
    }),
  };
};

export interface Sent {
  readonly firstSend: number;
}

serveOrders(
  async ({ sizes }: { readonly sizes: readonly number[] }): Promise<Sent> => {
    const firstSend = now();
    for (const size of sizes)
      await producer.sendBatch({
        acks: -1,
        topicMessages: [{ topic, messages: Array.from({ length: size }, message) }],
      });
    return { firstSend };
  },
  () => producer.disconnect(),
);
