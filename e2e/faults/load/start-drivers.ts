import { EventEmitter, once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { connect as connectBooking } from '../../../services/booking/src/generated/testing.ts';
import { writeHistory, type Outcome } from '../history/history.ts';
import { somebody, type World } from '../world/open-world.ts';
import type { ServiceProcess } from '../world/service-process.ts';
import { ask, outcomeOf } from './ask.ts';
import { offerSpots } from './offer-spots.ts';
import { PAYMENT_PARTITIONS, PAYMENT_TOPIC, paymentProcessed, type Payment } from './payments.ts';

export interface DriversOptions {
  readonly world: World;
  readonly file: string;
  readonly random: () => number;
  readonly drivers?: number;
  readonly spots?: number;
  /** Milliseconds between the calls of one driver. */
  readonly pauseMs?: number;
  /** Shares of the bookings that are paid, and cancelled. */
  readonly pay?: number;
  readonly cancel?: number;
  /** The processes that get requests; all of booking if left out. */
  readonly through?: () => readonly ServiceProcess[];
  /** False where there is no broker: nobody pays. */
  readonly broker?: boolean;
  /** How long a driver waits for an answer. */
  readonly patienceMs?: number;
}

export interface Tally {
  done: number;
  refused: number;
  unknown: number;
}

export interface Drivers {
  readonly file: string;
  readonly tally: Readonly<Tally>;
  /** How long a service took for each answer, in milliseconds. */
  readonly took: readonly number[];
  /** Resolves when so many bookings more than now have been made. */
  made(more: number): Promise<void>;
  /** No new wish any more; resolves when all calls have ended. */
  stop(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const PAYMENT_PATIENCE_MS = 1_000;
/** A window that somebody else may want too: so many hours are drawn from per attempt. */
const CROWDED = 0.2;

/**
 * Drivers who book, pay and cancel without pause, each call written to the history before it leaves. Most want an hour of their own,
 * some what others want too. Who does not know what has become of a call asks again with the same key, as clients are told to.
 */
export const startDrivers = async (options: DriversOptions): Promise<Drivers> => {
  const { world, random, drivers = 6, spots: count = 4, pauseMs = 20, pay = 0.5, cancel = 0.15, patienceMs } = options;
  const spots = await offerSpots(world, count);
  const broker = options.broker === false ? undefined : await world.stores.broker();
  const topic = world.topic(PAYMENT_TOPIC);
  await broker?.createTopic(topic, PAYMENT_PARTITIONS);
  const history = writeHistory(options.file);
  const tally: Tally = { done: 0, refused: 0, unknown: 0 };
  const took: number[] = [];
  const progress = new EventEmitter();
  const firstHour = Math.ceil(Date.now() / HOUR_MS) + 24;
  const stopping = new AbortController();
  let wishes = 0;

  const record = async (
    request: Parameters<typeof history.asked>[0],
    call: () => Promise<Outcome>,
  ): Promise<Outcome> => {
    const number = history.asked(request);
    const startedAt = performance.now();
    const outcome = await call();
    // Payments go to the broker, not to a service.
    if (request.op !== 'pay') took.push(performance.now() - startedAt);
    history.told(number, outcome);
    tally[outcome.outcome] += 1;
    return outcome;
  };

  const driver = async (index: number): Promise<void> => {
    const who = somebody('driver');
    const token = world.token(who);
    const through = options.through ?? (() => world.instances('booking'));
    let turn = index;
    const booking = () => {
      turn += 1;
      const instances = through();
      return connectBooking({ url: instances[turn % instances.length]?.url ?? '', token });
    };

    const sendPayment = async (payment: Payment): Promise<Outcome> => {
      const { bookingId } = payment;
      const sent = (broker ?? (await world.stores.broker())).send([paymentProcessed(topic, payment)]).then(
        (): Outcome => ({ outcome: 'done', bookingId }),
        (error: unknown): Outcome => ({
          outcome: 'unknown',
          why: error instanceof Error ? error.message : String(error),
        }),
      );
      const late = pause(PAYMENT_PATIENCE_MS).then((): Outcome => ({ outcome: 'unknown', why: 'not stored in time' }));
      return Promise.race([sent, late]);
    };

    const book = async (): Promise<void> => {
      wishes += 1;
      const hour =
        firstHour + Math.floor((random() < CROWDED ? wishes - random() * 2 * drivers : wishes) / spots.length);
      const wish = {
        spotId: spots[wishes % spots.length] ?? '',
        startsAt: new Date(hour * HOUR_MS).toISOString(),
        endsAt: new Date((hour + 1) * HOUR_MS).toISOString(),
      };
      const key = randomUUID();
      let price: Payment['amount'] | undefined;
      const once = () =>
        record({ op: 'book', key, driverId: who.sub, ...wish }, async () => {
          const heard = await ask(
            booking().createBooking({ headers: { 'Idempotency-Key': key }, body: wish }),
            patienceMs,
          );
          return outcomeOf(heard, (answer) => {
            if (answer.status !== 201) return undefined;
            price = answer.body.price;
            return answer.body.id;
          });
        });
      let outcome = await once();
      // Asks again a few times, then gives up without ever knowing.
      for (let tries = 0; outcome.outcome === 'unknown' && tries < 3 && !stopping.signal.aborted; tries += 1) {
        await pause(pauseMs * 4);
        outcome = await once();
      }
      if (outcome.outcome !== 'done' || !price) return;
      progress.emit('made');
      const { bookingId } = outcome;
      if (random() < pay) {
        const payment = { paymentId: randomUUID(), bookingId, amount: price };
        await record({ op: 'pay', bookingId, paymentId: payment.paymentId }, () => sendPayment(payment));
      }
      if (random() >= cancel) return;
      await record({ op: 'cancel', bookingId }, async () =>
        outcomeOf(await ask(booking().cancelBooking({ path: { bookingId }, body: {} }), patienceMs), ({ status }) =>
          status === 200 ? bookingId : undefined,
        ),
      );
    };
    while (!stopping.signal.aborted) {
      await book();
      await pause(pauseMs);
    }
  };

  const running = Promise.all(Array.from({ length: drivers }, (_, index) => driver(index)));
  // Whoever waits for progress hears of a driver that has failed; so does stop.
  running.catch((error: unknown) => progress.emit('error', error));
  progress.on('error', () => undefined);
  return {
    file: options.file,
    tally,
    took,
    async made(more) {
      for (let left = more; left > 0; left -= 1) await once(progress, 'made');
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
};

/** Without it the drivers would take the processor from what they are served by: what is down answers at once. */
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
