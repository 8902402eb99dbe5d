import { randomUUID } from 'node:crypto';
import type { BookingWindow } from '../src/domain/booking-window.ts';
import {
  requestBooking,
  type Booking,
  type BookingChange,
  type BookingRequest,
  type Refused,
} from '../src/domain/booking.ts';

export const HOUR = 3_600_000;
export const NOW = new Date('2037-03-01T10:00:00.000Z');
export const HOLD_MS = 15 * 60_000;

export const at = (iso: string): Date => new Date(iso);
export const later = (ms: number, from: Date = NOW): Date => new Date(from.getTime() + ms);

/** A request for two hours of the next morning, with what the test wants to be different. */
export const aRequest = (different: Partial<BookingRequest> = {}): BookingRequest => ({
  id: '018f4a10-5c6d-7e8f-9a0b-3c4d5e6f7a01',
  spotId: '018f3c30-2d4e-7a5b-8c6d-2b3c4d5e6f01',
  driverId: '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5e01',
  window: { startsAt: at('2037-03-02T09:00:00Z'), endsAt: at('2037-03-02T11:00:00Z') },
  quote: {
    providerId: '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5e02',
    price: { amount: 600, currency: 'EUR' },
    policy: { fullRefundHours: 24, partialRefundHours: 2, partialRefundPercent: 50 },
  },
  holdMs: HOLD_MS,
  now: NOW,
  ...different,
});

export const aBooking = (different: Partial<BookingRequest> = {}): Booking => requestBooking(aRequest(different)).state;

/** The change, or an error that says why there is none. */
export function changed(outcome: BookingChange | Refused<string>): BookingChange {
  if ('refused' in outcome) throw new Error(`refused: ${outcome.refused}`);
  return outcome;
}

/** A window, in hours from now. */
export const hours = (from: number, to: number): BookingWindow => ({
  startsAt: later(from * HOUR),
  endsAt: later(to * HOUR),
});

/** A request of a driver of its own. */
export const request = (window: BookingWindow, different = {}): BookingChange =>
  requestBooking(aRequest({ id: randomUUID(), driverId: randomUUID(), window, ...different }));

export const payment = { paymentId: '018f4a11-6d7e-7f90-ab1c-4d5e6f7a8b01', amount: { amount: 600, currency: 'EUR' } };
