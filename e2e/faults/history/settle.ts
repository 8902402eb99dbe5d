import type { World } from '../world/open-world.ts';
import { BOOKING_TOPIC, PAYMENT_TOPIC } from '../load/payments.ts';

export interface SettleSettings {
  /** How much is on its way, place by place. */
  readonly look: () => Promise<readonly number[]>;
  /** Time for what is on its way to arrive; then what is missing is missing. */
  readonly limitMs: number;
  /** What has not moved for so long will not. */
  readonly quietMs: number;
}

const LOOK_MS = 50;

/** Resolves when nothing is on its way any more, or will not arrive. @returns how long that took, in milliseconds */
export const settle = async ({ look, limitMs, quietMs }: SettleSettings): Promise<number> => {
  const startedAt = performance.now();
  let movedAt = startedAt;
  let before = '';
  for (;;) {
    const left = await look();
    const now = performance.now();
    if (left.join(' ') !== before) {
      before = left.join(' ');
      movedAt = now;
    }
    if (left.every((count) => count === 0) || now - startedAt >= limitMs || now - movedAt >= quietMs)
      return now - startedAt;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
};

/** Payments that booking has not taken, messages that are not sent, those that parking-lot has not taken, and what either has put off. */
export const onItsWay = async ({ stores, topic }: World): Promise<readonly number[]> => {
  const [booking, parkingLot, broker] = await Promise.all([
    stores.database('booking'),
    stores.database('parking-lot'),
    stores.broker(),
  ]);
  const putOff = async ({ knex }: typeof booking): Promise<number> =>
    Number((await knex('parkwise_parked_messages').count({ n: '*' }))[0]?.['n']);
  const waiting = (group: string, address: string): Promise<number> =>
    broker.waiting(`${stores.namespace}.${group}`, [topic(address)]);
  // A payment makes an event, so the payments have to be through first.
  const payments = await waiting('booking', PAYMENT_TOPIC);
  const unpublished = await booking.knex('parkwise_outbox').whereNull('published_at').count({ n: '*' });
  const untaken = await waiting('parking-lot', BOOKING_TOPIC);
  return [payments, Number(unpublished[0]?.['n']), untaken, await putOff(booking), await putOff(parkingLot)];
};
