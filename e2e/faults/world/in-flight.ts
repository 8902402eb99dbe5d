import { BOOKING_TOPIC, PAYMENT_TOPIC } from '../load/payments.ts';
import type { World } from './open-world.ts';

/** Messages that are committed and not sent, or sent and not acknowledged: what a kill can lose or double now. */
export const inFlight = async ({ stores, topic }: World): Promise<number> => {
  const [booking, broker] = await Promise.all([stores.database('booking'), stores.broker()]);
  const rows = await booking.knex('parkwise_outbox').whereNull('published_at').count({ n: '*' });
  const unpublished = Number(rows[0]?.['n']);
  if (unpublished > 0) return unpublished;
  const waiting = await Promise.all([
    broker.waiting(`${stores.namespace}.parking-lot`, [topic(BOOKING_TOPIC)]),
    broker.waiting(`${stores.namespace}.booking`, [topic(PAYMENT_TOPIC)]),
  ]);
  return waiting.reduce((sum, one) => sum + one, 0);
};
