/** The checker has to find each kind of violation in a history that was doctored: one that cannot fail proves nothing. */
import t from 'tap';
import { checkHistory, type ViolationKind } from './check-history.ts';
import type { Evidence, EventRecord } from './evidence.ts';
import type { Call, Outcome, Request } from './history.ts';

const at = (minute: number): Date => new Date(Date.UTC(2037, 0, 1, 0, minute));
const spotId = 'spot-1';
const hour = (n: number) => ({
  startsAt: new Date(Date.UTC(2037, 1, 1, n)),
  endsAt: new Date(Date.UTC(2037, 1, 1, n + 1)),
});

const bookedAs = (id: string, n: number, status: string, version: number) => ({
  id,
  spotId,
  driverId: 'driver-1',
  ...hour(n),
  status,
  ...(status === 'PENDING_PAYMENT' ? { expiresAt: at(15) } : {}),
  version,
  createdAt: at(0),
});
const change = (bookingId: string, version: number, status: string, minute: number) => ({
  bookingId,
  version,
  status,
  at: at(minute),
});
const types: Record<string, string> = {
  PENDING_PAYMENT: 'BookingRequested',
  CONFIRMED: 'BookingConfirmed',
  CANCELLED: 'BookingCancelled',
  EXPIRED: 'BookingExpired',
};
const busy = (bookingId: string, n: number, state: string, sequence: number) => ({
  bookingId,
  spotId,
  ...hour(n),
  state,
  sequence,
});
const call = (number: number, request: Request, told: Outcome): Call => ({ number, request, askedAt: 0, told });
const wish = (key: string, n: number): Request => ({
  op: 'book',
  key,
  driverId: 'driver-1',
  spotId,
  startsAt: hour(n).startsAt.toISOString(),
  endsAt: hour(n).endsAt.toISOString(),
});
const done = (bookingId: string): Outcome => ({ outcome: 'done', bookingId });
const unknown: Outcome = { outcome: 'unknown', why: 'reset' };
const refused: Outcome = { outcome: 'refused', status: 409 };

/** Four bookings, one of each fate, as they should be: a is held, b was paid, c was cancelled, d expired. */
const sound = (): Evidence => {
  const changes = [
    change('a', 1, 'PENDING_PAYMENT', 0),
    change('b', 1, 'PENDING_PAYMENT', 0),
    change('b', 2, 'CONFIRMED', 5),
    change('c', 1, 'PENDING_PAYMENT', 0),
    change('c', 2, 'CANCELLED', 6),
    change('d', 1, 'PENDING_PAYMENT', -20),
    change('d', 2, 'EXPIRED', -5),
  ];
  const holds: Record<string, Date> = { a: at(15), b: at(15), c: at(15), d: at(-5) };
  const events = changes.map(({ bookingId, version, status }, offset): EventRecord => ({
    partition: 0,
    offset,
    key: bookingId,
    eventId: `${bookingId}-${version}`,
    type: types[status] ?? '',
    sequence: version,
    ...(version === 1 ? { expiresAt: holds[bookingId]?.toISOString() ?? '' } : {}),
  }));
  return {
    calls: [
      call(1, wish('key-a', 1), unknown),
      call(2, wish('key-a', 1), done('a')),
      call(3, wish('key-b', 2), done('b')),
      call(4, { op: 'pay', bookingId: 'b', paymentId: 'p' }, done('b')),
      call(5, wish('key-c', 3), done('c')),
      call(6, { op: 'cancel', bookingId: 'c' }, done('c')),
      call(7, wish('key-d', 4), done('d')),
      call(8, wish('key-e', 5), refused),
      call(9, wish('key-f', 6), unknown),
    ],
    bookings: [
      bookedAs('a', 1, 'PENDING_PAYMENT', 1),
      bookedAs('b', 2, 'CONFIRMED', 2),
      bookedAs('c', 3, 'CANCELLED', 2),
      bookedAs('d', 4, 'EXPIRED', 2),
    ],
    changes,
    events,
    busyPeriods: [
      busy('a', 1, 'HELD', 1),
      busy('b', 2, 'BOOKED', 2),
      busy('c', 3, 'FREED', 2),
      busy('d', 4, 'FREED', 2),
    ],
    takenAt: at(10),
  };
};

type Doctor = (evidence: Evidence) => Partial<Evidence>;
const without = <Row>(rows: readonly Row[], gone: (row: Row) => boolean): Row[] => rows.filter((row) => !gone(row));
const mapped = <Row>(rows: readonly Row[], find: (row: Row) => boolean, patch: Partial<Row>): Row[] =>
  rows.map((row) => (find(row) ? { ...row, ...patch } : row));

const kinds = (evidence: Evidence): ViolationKind[] =>
  [...new Set(checkHistory(evidence, { slackMs: 1_000 }).map(({ kind }) => kind))].toSorted();

/** A booking that is sound in all respects but one. */
const another = ({ bookings, changes, events, busyPeriods }: Evidence, n: number, status = 'PENDING_PAYMENT') => ({
  bookings: [...bookings, bookedAs('x', n, status, 1)],
  changes: [...changes, change('x', 1, status, 0)],
  events: [
    ...events,
    {
      partition: 0,
      offset: 99,
      key: 'x',
      eventId: 'x-1',
      type: types[status] ?? '',
      sequence: 1,
      expiresAt: at(15).toISOString(),
    },
  ],
  busyPeriods: [...busyPeriods, busy('x', n, 'HELD', 1)],
});

const doctored: readonly (readonly [
  what: string,
  kind: ViolationKind | undefined,
  doctor: Doctor,
  also?: ViolationKind,
])[] = [
  ['nothing', undefined, () => ({})],
  ['a wish of unknown outcome that has come true', undefined, (evidence) => another(evidence, 6)],
  [
    'a window that was given back and taken again',
    undefined,
    (evidence) => {
      const { bookings, ...rest } = another(evidence, 3);
      return {
        ...rest,
        bookings: mapped(bookings, ({ id }) => id === 'x', { createdAt: at(7) }),
        calls: [...evidence.calls, call(10, wish('key-x', 3), done('x'))],
      };
    },
  ],
  ['an event that was sent again', undefined, ({ events }) => ({ events: [...events, ...events.slice(0, 2)] })],
  [
    'two that hold a window at the same time',
    'double-booking',
    (evidence) => ({ ...another(evidence, 2), calls: [...evidence.calls, call(10, wish('key-x', 2), done('x'))] }),
  ],
  [
    'a window that was taken before it was given back',
    'double-booking',
    (evidence) => ({ ...another(evidence, 3), calls: [...evidence.calls, call(10, wish('key-x', 3), done('x'))] }),
  ],
  ['a hold that is still there', 'held-too-long', () => ({ takenAt: at(16) })],
  [
    'a hold that ended late',
    'held-too-long',
    ({ changes }) => ({
      changes: mapped(changes, ({ bookingId, version }) => bookingId === 'd' && version === 2, { at: at(-4) }),
    }),
  ],
  [
    'a payment that came too late',
    'confirmed-too-late',
    ({ changes }) => ({ changes: mapped(changes, ({ status }) => status === 'CONFIRMED', { at: at(16) }) }),
  ],
  [
    'a booking that is gone',
    'acknowledged-missing',
    (evidence) => ({
      bookings: without(evidence.bookings, ({ id }) => id === 'a'),
      changes: without(evidence.changes, ({ bookingId }) => bookingId === 'a'),
      events: without(evidence.events, ({ key }) => key === 'a'),
      busyPeriods: without(evidence.busyPeriods, ({ bookingId }) => bookingId === 'a'),
    }),
  ],
  [
    'a cancellation that is gone',
    'acknowledged-missing',
    ({ calls }) => ({ calls: [...calls, call(10, { op: 'cancel', bookingId: 'a' }, done('a'))] }),
  ],
  [
    'a booking of another window than was asked for',
    'acknowledged-otherwise',
    ({ calls }) => ({
      calls: [
        ...mapped(calls, ({ number }) => number === 7, { request: wish('key-d', 7) }),
        call(10, wish('key-y', 4), unknown),
      ],
    }),
  ],
  ['a booking that was refused', 'refused-yet-there', (evidence) => another(evidence, 5)],
  [
    'a key that was answered with two bookings',
    'one-key-two-bookings',
    (evidence) => ({
      ...another(evidence, 6),
      calls: [...evidence.calls, call(10, wish('key-f', 6), done('x')), call(11, wish('key-f', 6), done('a'))],
    }),
    'acknowledged-otherwise',
  ],
  [
    'a wish that came true twice',
    'one-key-two-bookings',
    (evidence) => {
      const { bookings } = evidence;
      return {
        ...another(evidence, 4),
        bookings: [...bookings, { ...bookedAs('x', 4, 'PENDING_PAYMENT', 1), createdAt: at(1) }],
      };
    },
  ],
  [
    'a key that is refused what it has made itself',
    'refused-by-itself',
    (evidence) => ({
      ...another(evidence, 6),
      calls: [...evidence.calls, { ...call(10, wish('key-f', 6), refused), askedAt: at(1).getTime() }],
    }),
  ],
  ['a booking that nobody wanted', 'nobody-asked', (evidence) => another(evidence, 9)],
  [
    'a payment that was taken and forgotten',
    'payment-lost',
    ({ calls }) => ({ calls: [...calls, call(10, { op: 'pay', bookingId: 'a', paymentId: 'q' }, done('a'))] }),
  ],
  [
    'a change that was not announced',
    'not-announced',
    ({ events }) => ({ events: without(events, ({ eventId }) => eventId === 'b-2') }),
  ],
  [
    'a change that was announced by two events',
    'announced-twice',
    ({ events }) => ({
      events: [
        ...events,
        ...events.filter(({ eventId }) => eventId === 'b-2').map((event) => ({ ...event, eventId: 'b-2-again' })),
      ],
    }),
  ],
  [
    'an event of something that was rolled back',
    'announced-never-happened',
    ({ events }) => ({
      events: [
        ...events,
        { partition: 0, offset: 99, key: 'y', eventId: 'y-1', type: 'BookingRequested', sequence: 1 },
      ],
    }),
  ],
  ['versions that overtook each other', 'out-of-order', ({ events }) => ({ events: events.toReversed() })],
  [
    'a key in two partitions',
    'several-partitions',
    ({ events }) => ({ events: mapped(events, ({ eventId }) => eventId === 'b-2', { partition: 1 }) }),
  ],
  [
    'an event that had no effect at all',
    'effect-missing',
    ({ busyPeriods }) => ({ busyPeriods: without(busyPeriods, ({ bookingId }) => bookingId === 'a') }),
  ],
  [
    'an event that had half of its effect',
    'effect-otherwise',
    ({ busyPeriods }) => ({
      busyPeriods: mapped(busyPeriods, ({ bookingId }) => bookingId === 'b', { state: 'HELD', sequence: 1 }),
    }),
  ],
];

for (const [what, kind, doctor, also] of doctored) {
  t.test(kind === undefined ? `${what} is sound` : `${what}: ${kind}`, async (t) => {
    const evidence = sound();
    t.same(kinds({ ...evidence, ...doctor(evidence) }), [kind, also].filter((one) => one !== undefined).toSorted());
  });
}

t.test('each kind is found somewhere', async (t) => {
  const found = new Set(doctored.map(([, kind]) => kind));
  t.equal(found.size - 1, 17, 'one more kind of violation wants one more doctored history');
});
