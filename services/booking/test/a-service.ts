/** The service as tests see it: real HTTP, its own database and event log, a parking-lot that answers what the test says. */
import { randomUUID } from 'node:crypto';
import { startTestService } from '../src/generated/testing.ts';
import type { ParkingLot } from '../src/generated/clients.ts';
import service from '../src/service.ts';
import { NOW } from './a-booking.ts';

export const driver = aDriver();
export const provider = {
  sub: '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5e02',
  scopes: ['bookings:read'],
  roles: ['provider'],
};

export function aDriver() {
  return { sub: randomUUID(), scopes: ['bookings:read', 'bookings:write'], roles: ['driver'] };
}

export const quote = {
  available: true,
  providerId: provider.sub,
  price: { amount: 601, currency: 'EUR' },
  cancellationPolicy: { fullRefundHours: 24, partialRefundHours: 2, partialRefundPercent: 50 },
};

export const spotId = '018f3c30-2d4e-7a5b-8c6d-2b3c4d5e6f01';

/** Two hours, 23 hours from the start of the test: so late that a cancellation is refunded in part. */
export const body = { spotId, startsAt: '2037-03-02T09:00:00.000Z', endsAt: '2037-03-02T11:00:00.000Z' };

interface StartOptions {
  /** What parking-lot answers; the quote above if left out. */
  readonly getQuote?: ParkingLot['getQuote'];
  readonly env?: Readonly<Record<string, string>>;
}

export const startBooking = ({ getQuote = async () => ({ status: 200, body: quote }), env = {} }: StartOptions = {}) =>
  startTestService(service, { parkingLot: { getQuote } }, { now: NOW, env });

export type RunningBooking = Awaited<ReturnType<typeof startBooking>>;

/** The answer, as one with this status; any other fails the test. */
export function expectStatus<A extends { readonly status: number; readonly body: unknown }, S extends A['status']>(
  answer: A,
  status: S,
): Extract<A, { readonly status: S }> {
  if (answer.status === status) return answer as Extract<A, { readonly status: S }>;
  throw new Error(`answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
}

/** Books, and expects it to work. */
export async function book(app: RunningBooking, different: Partial<typeof body> = {}, user = driver) {
  return expectStatus(await app.as(user).createBooking({ body: { ...body, ...different } }), 201).body;
}

export const aPayment = (bookingId: string, amount = quote.price) => ({
  paymentId: randomUUID(),
  bookingId,
  amount,
  processedAt: NOW.toISOString(),
});

/** The status that the driver sees. */
export async function statusOf(app: RunningBooking, bookingId: string, user = driver): Promise<string> {
  return expectStatus(await app.as(user).getBooking({ path: { bookingId } }), 200).body.status;
}
