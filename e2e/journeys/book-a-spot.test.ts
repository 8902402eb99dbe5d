/** Journey 1 to confirmation and cancellation: register, search, quote, book, pay, look at the history, cancel. */
import { randomUUID } from 'node:crypto';
import t from 'tap';
import { followEvents } from '../platform/follow-events.ts';
import { offerSpot } from '../platform/offer-spot.ts';
import { register } from '../platform/people.ts';
import { stacks } from '../platform/stacks.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { windowIn } from '../platform/windows.ts';

for (const stack of stacks) {
  t.test(stack.name, { skip: stack.skip, timeout: 120_000 }, async (t) => {
    await t.test('a driver finds, books, pays and cancels', async (t) => {
      await using platform = await startPlatform({ stack: stack.name });
      using events = followEvents(platform);
      const [driver, provider] = await Promise.all([
        register(platform, 'driver', 'ana'),
        register(platform, 'provider', 'marta'),
      ]);
      const offered = await offerSpot(provider, 'A spot of this journey');
      const { startsAt, endsAt } = windowIn(3);
      const stateOf = async (spotId: string) => {
        const seen = await driver.parkingLot.getSpotAvailability({
          path: { spotId },
          query: { from: startsAt, to: endsAt },
        });
        return seen.status === 200 ? seen.body.slots.map(({ state }) => state) : seen.status;
      };

      const search = await driver.parkingLot.searchSpots({
        query: {
          latitude: 39.4735,
          longitude: -0.379,
          radius: 300,
          from: startsAt,
          to: endsAt,
          sort: 'distance',
          limit: 50,
        },
      });
      if (search.status !== 200) throw new Error(`the search answered ${search.status}`);
      t.ok(search.body.items.length > 1, 'the city of the demo data is found around it');
      t.ok(
        search.body.items.some(({ spotId }) => spotId === offered.id),
        'the new spot can be found',
      );

      const quote = await driver.parkingLot.getQuote({
        path: { spotId: offered.id },
        query: { from: startsAt, to: endsAt },
      });
      if (quote.status !== 200) throw new Error(`the quote answered ${quote.status}`);
      t.match(quote.body, { available: true, price: { amount: 600, currency: 'EUR' } }, 'two hours at 3.00 EUR');

      const made = await driver.booking.createBooking({ body: { spotId: offered.id, startsAt, endsAt } });
      if (made.status !== 201) throw new Error(`the booking answered ${made.status}: ${JSON.stringify(made.body)}`);
      const bookingId = made.body.id;
      t.match(made.body, {
        status: 'PENDING_PAYMENT',
        price: quote.body.price,
        driverId: driver.id,
        providerId: provider.id,
      });
      await events.saw('ParkingSpotAvailabilityChanged', { spotId: offered.id });
      t.same(await stateOf(offered.id), ['BOOKED'], 'the spot is held');

      const paymentId = randomUUID();
      const payment = { paymentId, bookingId, amount: made.body.price, processedAt: '2026-01-01T00:00:00Z' };
      await platform.parkwise(
        'events',
        'publish',
        'PaymentProcessed',
        '--data',
        JSON.stringify(payment),
        '--key',
        bookingId,
      );
      await events.saw('BookingConfirmed', { bookingId });
      const confirmed = await driver.booking.getBooking({ path: { bookingId } });
      t.match(confirmed.body, { status: 'CONFIRMED' });

      const seen = await provider.booking.listSpotBookings({ path: { spotId: offered.id } });
      t.match(seen.body, { items: [{ bookingId }] }, 'the provider sees who comes');

      const cancelled = await driver.booking.cancelBooking({
        path: { bookingId },
        body: { reason: 'My meeting has been moved.' },
      });
      if (cancelled.status !== 200)
        throw new Error(`the cancellation answered ${cancelled.status}: ${JSON.stringify(cancelled.body)}`);
      await events.saw('BookingCancelled', { bookingId });
      const history = await driver.booking.getBookingHistory({ path: { bookingId } });
      if (history.status !== 200) throw new Error(`the history answered ${history.status}`);
      t.same(
        history.body.entries.map(({ status }) => status),
        ['PENDING_PAYMENT', 'CONFIRMED', 'CANCELLED'],
      );

      await events.first(
        ({ value }) =>
          value.metadata.eventType === 'ParkingSpotAvailabilityChanged' &&
          value.payload['status'] === 'AVAILABLE' &&
          value.payload['spotId'] === offered.id,
      );
      t.same(await stateOf(offered.id), ['FREE'], 'the spot is free again');
    });
  });
}
