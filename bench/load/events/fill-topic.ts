import { randomUUID } from 'node:crypto';
import { openBus } from '../../../runtime/src/messaging/open-bus.ts';
import { createServiceTopics } from '../../../runtime/src/messaging/start-consumers.ts';
import { KEYS, RELAY_BATCH, TEXT, topic } from './contract.ts';

/** Puts so many events into the topic, as the relay of a service would that nobody listens to. */
export const fillTopic = async (
  { events, namespace }: { readonly events: string; readonly namespace: string },
  count: number,
): Promise<void> => {
  const bus = await openBus(events);
  try {
    await createServiceTopics(bus, [topic], namespace);
    for (let from = 0; from < count; from += RELAY_BATCH) {
      const size = Math.min(RELAY_BATCH, count - from);
      await bus.send(Array.from({ length: size }, (_, index) => record(namespace, from + index)));
    }
  } finally {
    await bus.close();
  }
};

const record = (namespace: string, number: number) => {
  const id = randomUUID();
  const key = `customer-${number % KEYS}`;
  return {
    topic: `${namespace}.${topic.address}`,
    key,
    headers: { ce_specversion: '1.0', ce_id: id, ce_type: 'OrderPlaced', ce_source: 'sales' },
    value: JSON.stringify({
      metadata: { id, type: 'OrderPlaced', key },
      payload: { orderId: `order-${number}`, text: TEXT },
    }),
  };
};
