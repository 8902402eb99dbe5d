import { randomUUID } from 'node:crypto';
import service from '../src/service.ts';
import { startTestService } from '../src/generated/testing.ts';
import { NOW, PROVIDER } from './a-spot.ts';

export const provider = { sub: PROVIDER, scopes: ['spots:read', 'spots:write'], roles: ['provider'] };
export const otherProvider = { ...provider, sub: '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5e03' };
export const driver = { sub: '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5e01', scopes: ['spots:read'], roles: ['driver'] };

/** A body that `createSpot` takes. */
export const newSpot = {
  title: 'Covered spot near Sol',
  type: 'covered' as const,
  size: 'standard' as const,
  location: { type: 'Point' as const, coordinates: [-3.7026, 40.418] as [number, number] },
  address: { street: 'Calle de la Montera 12', city: 'Madrid', postalCode: '28013', countryCode: 'ES' },
  timeZone: 'Europe/Madrid',
  pricing: { basePricePerHour: { amount: 250, currency: 'EUR' } },
  openingHours: {},
  cancellationPolicy: { fullRefundHours: 24, partialRefundHours: 2, partialRefundPercent: 50 },
};
export type NewSpot = Parameters<ReturnType<Service['as']>['createSpot']>[0]['body'];

/** The service, at eight in the morning of the first of March 2026. */
export const aService = () => startTestService(service, {}, { now: NOW });
export type Service = Awaited<ReturnType<typeof aService>>;

/** A spot of the provider. */
export async function offered(app: Service, different: Partial<NewSpot> = {}, by = provider) {
  const made = await app.as(by).createSpot({ body: { ...newSpot, ...different } });
  if (made.status !== 201) throw new Error(`createSpot answered ${made.status}: ${JSON.stringify(made.body)}`);
  return made.body;
}

/** What is read of a booking's events. */
export const aBooking = (spotId: string, startsAt: string, endsAt: string) => ({
  bookingId: randomUUID(),
  spotId,
  startsAt,
  endsAt,
});
export type Booking = ReturnType<typeof aBooking>;

/** Delivers the events of a booking, each with its place among them. */
export const tell = (app: Service, booking: Booking) => {
  const about = (sequence: number) => ({ key: booking.bookingId, sequence });
  return {
    requested: (sequence = 1) => app.deliver.bookingRequested(booking, about(sequence)),
    confirmed: (sequence = 2) => app.deliver.bookingConfirmed(booking, about(sequence)),
    cancelled: (sequence = 3) => app.deliver.bookingCancelled(booking, about(sequence)),
    expired: (sequence = 2) => app.deliver.bookingExpired(booking, about(sequence)),
  };
};

export const problem = (name: string) => ({ type: `https://parkwise.dev/problems/${name}` });
