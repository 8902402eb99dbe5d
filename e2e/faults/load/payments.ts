import { randomUUID } from 'node:crypto';
import type { OutgoingRecord } from '@parkwise/runtime/platform';

export const PAYMENT_TOPIC = 'parkwise.payment.events';
export const PAYMENT_PARTITIONS = 12;
export const BOOKING_TOPIC = 'parkwise.booking.events';

export interface Payment {
  readonly paymentId: string;
  readonly bookingId: string;
  readonly amount: { readonly amount: number; readonly currency: string };
}

/** The event by which the payment service, which is not a part of this platform, says that somebody has paid. */
export const paymentProcessed = (topic: string, payment: Payment): OutgoingRecord => {
  const eventId = randomUUID();
  const now = new Date().toISOString();
  const metadata = {
    eventId,
    eventType: 'PaymentProcessed',
    eventVersion: 1,
    timestamp: now,
    sourceService: 'payment',
    correlationId: eventId,
    aggregateId: payment.bookingId,
    aggregateVersion: 1,
  };
  return {
    topic,
    key: payment.bookingId,
    headers: {
      ce_specversion: '1.0',
      ce_id: eventId,
      ce_type: 'PaymentProcessed',
      ce_source: 'payment',
      ce_time: now,
      'content-type': 'application/json',
    },
    value: JSON.stringify({ metadata, payload: { ...payment, processedAt: now } }),
  };
};
