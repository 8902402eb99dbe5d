import t from 'tap';
import { windowHolders } from '../src/adapters/window-holders.ts';
import { expireDueBookings } from '../src/application/expire-due-bookings.ts';
import { confirmBooking } from '../src/domain/booking.ts';
import { HOLD_MS, HOUR, NOW, aRequest, changed, hours, later, payment, request } from './a-booking.ts';
import { aDatabase, aSharedDatabase, type TestDatabase } from './a-database.ts';

/** A run of the job, as a process on this database would make it at `now`. */
const expire = ({ database, bookings }: TestDatabase, now: Date): Promise<void> => {
  const job = expireDueBookings({
    bookings,
    clock: { now: () => now },
    transaction: (work) => database.transaction(work),
  });
  return job(new AbortController().signal);
};

t.test('of two processes one expires each due booking, and the others are left alone', async (t) => {
  const { url, remove } = await aSharedDatabase();
  const one = await aDatabase(url);
  const other = await aDatabase(url);
  t.teardown(async () => {
    await one.close();
    await other.close();
    await remove();
  });
  const due = Array.from({ length: 250 }, (_, index) => request(hours(index + 1, index + 2)));
  await one.database.transaction(async (tx) => {
    for (const change of due) await one.bookings.add(tx, change);
  });
  const paid = request(hours(1_000, 1_001));
  await one.add(paid);
  await one.save(changed(confirmBooking(paid.state, payment, NOW)));
  const young = request(hours(2_000, 2_001), { now: later(1) });
  await one.add(young);

  const clock = { now: () => later(HOLD_MS) };
  const expire = ({ database, bookings }: typeof one) =>
    expireDueBookings({ bookings, clock, transaction: (work) => database.transaction(work) })(
      new AbortController().signal,
    );
  await Promise.all([expire(one), expire(other)]);

  const expired = [...one.published, ...other.published].filter(({ message }) => message === 'bookingExpired');
  t.same(expired.map(({ about }) => about.key).toSorted(), due.map(({ state }) => state.id).toSorted());
  t.same(await one.bookings.due(later(HOLD_MS), 10), []);
  t.same(
    (await windowHolders(one.database, aRequest().spotId, hours(0, 3_000))).map(({ status }) => status).toSorted(),
    ['CONFIRMED', 'PENDING_PAYMENT'],
  );
});

t.test('what became due while nobody ran is expired after the start', async (t) => {
  const { url, remove } = await aSharedDatabase();
  const before = await aDatabase(url);
  const requested = request(hours(1, 2));
  await before.add(requested);
  await before.close();
  const after = await aDatabase(url);
  t.teardown(async () => {
    await after.close();
    await remove();
  });
  await expire(after, later(30 * 24 * HOUR));
  t.match(after.published, [{ message: 'bookingExpired', about: { key: requested.state.id, sequence: 2 } }]);
});

t.test('one that cannot be expired does not keep the others', async (t) => {
  const store = await aDatabase();
  t.teardown(store.close);
  const { bookings } = store;
  const changes = [request(hours(1, 2)), request(hours(2, 3)), request(hours(3, 4))];
  for (const change of changes) await store.add(change);
  const [, broken] = changes;
  const failing: typeof bookings = {
    ...bookings,
    save: (tx, change) => {
      if (change.state.id === broken?.state.id) throw new Error('broken');
      return bookings.save(tx, change);
    },
  };
  await t.rejects(expire({ ...store, bookings: failing }, later(HOLD_MS)), {
    message: '1 bookings could not be expired',
  });
  t.same(
    (await bookings.due(later(HOLD_MS), 10)).map(({ id }) => id),
    [broken?.state.id],
  );
});
