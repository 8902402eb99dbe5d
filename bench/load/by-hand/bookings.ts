/** Booking a spot, as one would write it with SQL: no idempotency key, no event. */
import { randomUUID } from 'node:crypto';
import { bookingView, entityTag } from '../../../services/booking/src/application/booking-view.ts';
import { requestBooking, type Booking } from '../../../services/booking/src/domain/booking.ts';
import { isBookable, LONGEST_WINDOW_MS } from '../../../services/booking/src/domain/booking-window.ts';
import type { CancellationPolicy } from '../../../services/booking/src/domain/cancellation-policy.ts';
import type { Money } from '../../../services/booking/src/domain/money.ts';
import { Refusal, type Route } from './serve.ts';
import type { Query, Sql } from './sql.ts';

const HOLD_MS = 15 * 60_000;

interface Quote {
  readonly available: boolean;
  readonly providerId: string;
  readonly price: Money;
  readonly cancellationPolicy: CancellationPolicy;
}

export const bookingRoutes = (sql: Sql, spotsUrl: string): readonly Route[] => {
  const store = async (query: Query, booking: Booking): Promise<boolean> => {
    const { id, spotId, window, price, policy } = booking;
    const at = (date: Date): string | number => sql.toInstant(date.getTime());
    const locked = await query(`SELECT id FROM spots WHERE id = ? ${sql.forUpdate}`, spotId);
    if (locked.length === 0) await query(sql.insertUnlessThere('spots', 'id'), spotId);
    const rivals = await query(
      `SELECT id FROM bookings WHERE spot_id = ? AND status IN ('PENDING_PAYMENT', 'CONFIRMED', 'ACTIVE')
         AND starts_at > ? AND starts_at < ? AND ends_at > ?`,
      spotId,
      sql.toInstant(window.startsAt.getTime() - LONGEST_WINDOW_MS),
      at(window.endsAt),
      at(window.startsAt),
    );
    if (rivals.length > 0) return false;
    const row: Record<string, string | number> = {
      id,
      spot_id: spotId,
      driver_id: booking.driverId,
      provider_id: booking.providerId,
      starts_at: at(window.startsAt),
      ends_at: at(window.endsAt),
      status: booking.status,
      price_amount: price.amount,
      currency: price.currency,
      full_refund_hours: policy.fullRefundHours,
      partial_refund_hours: policy.partialRefundHours,
      partial_refund_percent: policy.partialRefundPercent,
      expires_at: at(booking.expiresAt ?? booking.createdAt),
      version: booking.version,
      created_at: at(booking.createdAt),
      updated_at: at(booking.updatedAt),
    };
    const names = Object.keys(row);
    const marks = names.map(() => '?').join();
    await query(`INSERT INTO bookings (${names.join()}) VALUES (${marks})`, ...Object.values(row));
    await query(
      `INSERT INTO booking_history (booking_id, version, status, at, changed_by) VALUES (?, ?, ?, ?, 'driver')`,
      id,
      booking.version,
      booking.status,
      at(booking.updatedAt),
    );
    return true;
  };

  const create: Route = {
    method: 'POST',
    path: /^\/v1\/bookings$/,
    scope: 'bookings:write',
    async answer({ body, subject, token }) {
      const { spotId, startsAt, endsAt } = (body ?? {}) as Partial<Record<'spotId' | 'startsAt' | 'endsAt', string>>;
      if (typeof spotId !== 'string' || typeof startsAt !== 'string' || typeof endsAt !== 'string')
        throw new Refusal(400, 'spotId, startsAt and endsAt are needed');
      const window = { startsAt: new Date(startsAt), endsAt: new Date(endsAt) };
      const now = new Date();
      if (!isBookable(window, now)) throw new Refusal(422, 'invalid window');
      const during = `from=${window.startsAt.toISOString()}&to=${window.endsAt.toISOString()}`;
      const answer = await fetch(`${spotsUrl}/v1/spots/${spotId}/quote?${during}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(2_000),
      });
      if (!answer.ok) throw new Refusal(answer.status === 404 ? 404 : 503, 'no quote');
      const { available, providerId, price, cancellationPolicy: policy } = (await answer.json()) as Quote;
      if (!available) throw new Refusal(409, 'taken');
      const quote = { providerId, price, policy };
      const wanted = { id: randomUUID(), spotId: spotId.toLowerCase(), driverId: subject, window };
      const { state } = requestBooking({ ...wanted, quote, holdMs: HOLD_MS, now });
      if (!(await sql.transaction((query) => store(query, state)))) throw new Refusal(409, 'taken');
      const headers = { location: `/v1/bookings/${state.id}`, etag: entityTag(state) };
      return { status: 201, body: bookingView(state), headers };
    },
  };
  return [create];
};
