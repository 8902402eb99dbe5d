/**
 * What the outbox and the idempotency key cost a booking: the transaction of a booking through the runtime, one after another, with and
 * without. Microseconds more than without, in the same round. What the relay does later is not in it.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublish } from '../../runtime/src/messaging/publish.ts';
import type { Database } from '../../runtime/src/persistence/database.ts';
import { openDatabase } from '../../runtime/src/persistence/open-database.ts';
import { createUnitOfWork } from '../../runtime/src/persistence/unit-of-work.ts';
import { systemClock } from '../../runtime/src/process/system-clock.ts';
import { up } from '../../services/booking/migrations/0001-bookings.ts';
import { knexBookings } from '../../services/booking/src/adapters/knex-bookings.ts';
import { bookingView } from '../../services/booking/src/application/booking-view.ts';
import { requestBooking, type BookingChange } from '../../services/booking/src/domain/booking.ts';
import { messages, topics } from '../../services/booking/src/generated/consumers.ts';
import type { Publish } from '../../services/booking/src/generated/messages.ts';
import type { Figure } from '../figure.ts';
import { noted, skipped, type LoadOptions } from './figures.ts';
import { clearServers, createDatabase, missing, newNamespace } from './servers.ts';
import { median } from './statistics.ts';

const HOUR_MS = 3_600_000;
const SPOTS = 20;
const variants = ['neither', 'key', 'outbox', 'both'] as const;
type Variant = (typeof variants)[number];

const nothing = async (): Promise<void> => undefined;
const silent: Publish = {
  bookingRequested: nothing,
  bookingConfirmed: nothing,
  bookingCancelled: nothing,
  bookingExpired: nothing,
};

const openBooking = async (database: Database) => {
  await database.migrate([{ name: '0001-bookings', up }]);
  const unitOfWork = createUnitOfWork(database, systemClock);
  const publish = createPublish(messages, { source: 'booking', topics }) as unknown as Publish;
  const publishing = knexBookings({ publish, sql: database });
  const quiet = knexBookings({ publish: silent, sql: database });
  const spots = Array.from({ length: SPOTS }, () => randomUUID());
  let count = 0;

  const next = (): BookingChange => {
    count += 1;
    const now = new Date();
    const hour = Math.ceil(now.getTime() / HOUR_MS) + 24 + Math.floor(count / SPOTS);
    return requestBooking({
      id: randomUUID(),
      spotId: spots[count % SPOTS] ?? '',
      driverId: '01900000-0000-7000-8000-0000000e0001',
      window: { startsAt: new Date(hour * HOUR_MS), endsAt: new Date((hour + 1) * HOUR_MS) },
      quote: {
        providerId: '01900000-0000-7000-8000-0000000e0002',
        price: { amount: 300, currency: 'EUR' },
        policy: { fullRefundHours: 24, partialRefundHours: 2, partialRefundPercent: 50 },
      },
      holdMs: HOUR_MS,
      now,
    });
  };

  return async (variant: Variant): Promise<void> => {
    const hasKey = variant === 'key' || variant === 'both';
    const bookings = variant === 'outbox' || variant === 'both' ? publishing : quiet;
    const change = next();
    const unit = await unitOfWork.open({
      cause: { correlationId: change.state.id },
      ...(hasKey && {
        idempotency: {
          subject: change.state.driverId,
          method: 'POST',
          route: '/v1/bookings',
          key: change.state.id,
          fingerprint: change.state.id,
        },
      }),
    });
    if (unit.outcome !== 'fresh') throw new Error(`The key of a new booking is ${unit.outcome}`);
    const answer = {
      status: 201,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(bookingView(change.state)),
    };
    const result = await unit.commit(
      (tx) => bookings.add(tx, change),
      () => ({ keep: true, ...(hasKey && { answer }) }),
    );
    if (result !== 'added') throw new Error(`A booking of a free window was answered with ${String(result)}`);
  };
};

const measure = async (stack: string, url: string, { quick }: LoadOptions): Promise<Figure[]> => {
  const [rounds, bookings] = quick ? [2, 20] : [5, 100];
  const database = await openDatabase(url);
  const took: Record<Variant, number[]> = { neither: [], key: [], outbox: [], both: [] };
  try {
    const book = await openBooking(database);
    // The first round warms up.
    for (let round = -1; round < rounds; round += 1)
      for (const index of variants.keys()) {
        const variant = variants[(index + round + variants.length) % variants.length] ?? 'neither';
        const started = performance.now();
        for (let n = 0; n < bookings; n += 1) await book(variant);
        if (round >= 0) took[variant].push(((performance.now() - started) * 1_000) / bookings);
      }
  } finally {
    await database.close();
  }
  const more = (variant: Variant): number =>
    Math.round(median(took[variant].map((value, round) => value - (took.neither[round] ?? Number.NaN))));
  const name = `a booking's transaction, ${stack}`;
  return [
    noted(`${name}, without outbox and idempotency key`, Math.round(median(took.neither)), 'µs'),
    noted(`${name}, the outbox adds`, more('outbox'), 'µs'),
    noted(`${name}, the idempotency key adds`, more('key'), 'µs'),
    noted(`${name}, both add`, more('both'), 'µs'),
  ];
};

export const run = async (options: LoadOptions): Promise<Figure[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'parkwise-load-'));
  const figures: Figure[] = [];
  try {
    figures.push(...(await measure('embedded', `sqlite:${join(folder, 'booking.sqlite')}`, options)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (missing) return [...figures, skipped("a booking's transaction, external", missing)];
  const namespace = newNamespace();
  try {
    figures.push(...(await measure('external', await createDatabase(`${namespace}_booking`), options)));
  } finally {
    await clearServers(namespace);
  }
  return figures;
};
