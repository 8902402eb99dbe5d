/** The aggregate: a spot, held for a driver for a window of time. Functions return the new state and what happened. */
import type { BookingStatus } from './booking-status.ts';
import { mayBecome } from './booking-status.ts';
import { refundOf, type CancellationPolicy } from './cancellation-policy.ts';
import { isSameMoney, type Money } from './money.ts';
import type { BookingWindow } from './booking-window.ts';

export interface Booking {
  readonly id: string;
  readonly spotId: string;
  readonly driverId: string;
  readonly providerId: string;
  readonly window: BookingWindow;
  readonly vehiclePlate?: string;
  readonly status: BookingStatus;
  readonly price: Money;
  readonly policy: CancellationPolicy;
  /** Until when the window is held without a payment; absent once nothing is waited for. */
  readonly expiresAt?: Date;
  /** The payment that confirmed it. */
  readonly paymentId?: string;
  readonly cancellation?: Cancellation;
  /** Counts the changes, from 1. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Cancellation {
  readonly cancelledAt: Date;
  readonly reason?: string;
  readonly refund: Money;
}

export type BookingEvent =
  | { readonly type: 'requested'; readonly expiresAt: Date }
  | { readonly type: 'confirmed'; readonly paymentId: string }
  | { readonly type: 'cancelled'; readonly cancellation: Cancellation }
  | { readonly type: 'expired'; readonly reason: ExpiryReason };

export type ExpiryReason = 'paymentFailed' | 'paymentTimeout';

/** One step of a booking: the state after it, what happened, and who made it happen (`clock`: time that has passed). */
export interface BookingChange {
  readonly state: Booking;
  readonly event: BookingEvent;
  readonly by: 'driver' | 'payment' | 'clock';
}

/** Why nothing has changed. */
export interface Refused<Reason extends string> {
  readonly refused: Reason;
}

export interface BookingRequest {
  readonly id: string;
  readonly spotId: string;
  readonly driverId: string;
  readonly window: BookingWindow;
  readonly vehiclePlate?: string;
  readonly quote: { readonly providerId: string; readonly price: Money; readonly policy: CancellationPolicy };
  /** How long the window is held without a payment. */
  readonly holdMs: number;
  readonly now: Date;
}

export function requestBooking({ quote, holdMs, now, ...wanted }: BookingRequest): BookingChange {
  const expiresAt = new Date(now.getTime() + holdMs);
  const state: Booking = {
    ...wanted,
    ...quote,
    status: 'PENDING_PAYMENT',
    expiresAt,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  return { state, event: { type: 'requested', expiresAt }, by: 'driver' };
}

export interface Payment {
  readonly paymentId: string;
  readonly amount: Money;
}

/** `repeated` is harmless; for all others money has been taken that this booking has no use for. */
export type PaymentRefusal = 'repeated' | 'already-paid' | 'not-waiting' | 'too-late' | 'wrong-amount';

/**
 * Only the exact price, in time, confirms. A wrong amount leaves the booking as it was: it may still be paid rightly. From
 * `expiresAt` on the window is no longer held, so whether the clock or a late payment comes first makes no difference.
 */
export function confirmBooking(booking: Booking, payment: Payment, now: Date): BookingChange | Refused<PaymentRefusal> {
  if (booking.paymentId === payment.paymentId) return { refused: 'repeated' };
  if (booking.paymentId !== undefined) return { refused: 'already-paid' };
  if (!mayBecome(booking.status, 'CONFIRMED')) return { refused: 'not-waiting' };
  if (isOverdue(booking, now)) return { refused: 'too-late' };
  if (!isSameMoney(payment.amount, booking.price)) return { refused: 'wrong-amount' };
  const { paymentId } = payment;
  return {
    state: { ...settled(booking, 'CONFIRMED', now), paymentId },
    event: { type: 'confirmed', paymentId },
    by: 'payment',
  };
}

/** The payment has failed: nobody waits for the rest of the hold. */
export function failPayment(booking: Booking, now: Date): BookingChange | Refused<'not-waiting'> {
  if (!mayBecome(booking.status, 'EXPIRED')) return { refused: 'not-waiting' };
  return {
    state: settled(booking, 'EXPIRED', now),
    event: { type: 'expired', reason: 'paymentFailed' },
    by: 'payment',
  };
}

/** Time is over and nobody has paid. */
export function expireBooking(booking: Booking, now: Date): BookingChange | Refused<'not-due'> {
  if (!isOverdue(booking, now)) return { refused: 'not-due' };
  return { state: settled(booking, 'EXPIRED', now), event: { type: 'expired', reason: 'paymentTimeout' }, by: 'clock' };
}

/** The driver gives the window back, until it starts. What has been paid is refunded as the booking's policy says. */
export function cancelBooking(
  booking: Booking,
  { reason, now }: { readonly reason?: string | undefined; readonly now: Date },
): BookingChange | Refused<'not-cancellable'> {
  const started = booking.window.startsAt.getTime() <= now.getTime();
  if (started || !mayBecome(booking.status, 'CANCELLED') || isOverdue(booking, now))
    return { refused: 'not-cancellable' };
  const paid = booking.paymentId === undefined ? { ...booking.price, amount: 0 } : booking.price;
  const cancellation: Cancellation = {
    cancelledAt: now,
    ...(reason !== undefined && { reason }),
    refund: refundOf(booking.policy, paid, { startsAt: booking.window.startsAt, now }),
  };
  return {
    state: { ...settled(booking, 'CANCELLED', now), cancellation },
    event: { type: 'cancelled', cancellation },
    by: 'driver',
  };
}

/** Whether the hold is over although nothing has said so yet. */
export const isOverdue = ({ status, expiresAt }: Booking, now: Date): boolean =>
  status === 'PENDING_PAYMENT' && expiresAt !== undefined && expiresAt.getTime() <= now.getTime();

/** The next version, in which no payment is waited for. */
function settled(booking: Booking, status: BookingStatus, now: Date): Booking {
  const { expiresAt: _expiresAt, ...rest } = booking;
  return { ...rest, status, version: booking.version + 1, updatedAt: now };
}
