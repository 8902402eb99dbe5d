import { randomUUID } from 'node:crypto';
import type { Call } from './closed-loop.ts';

export const operations = ['search', 'quote', 'booking'] as const;
export type Operation = (typeof operations)[number];

export interface Side {
  readonly spotsUrl: string;
  readonly bookingsUrl: string;
  readonly token: string;
  /** That can be had at all hours. */
  readonly spots: readonly string[];
}

const HOUR_MS = 3_600_000;
/** In the middle of the demo data. */
const CENTRE = { latitude: 39.4699, longitude: -0.3763 };

/** Calls of one side, each another one: places and windows move on, no two bookings want the same. */
export const callsOf = ({ spotsUrl, bookingsUrl, token, spots }: Side): Readonly<Record<Operation, () => Call>> => {
  const authorization = `Bearer ${token}`;
  const firstHour = Math.ceil(Date.now() / HOUR_MS) + 48;
  let count = 0;
  const window = (hour: number, hours: number) => ({
    from: new Date((firstHour + hour) * HOUR_MS).toISOString(),
    to: new Date((firstHour + hour + hours) * HOUR_MS).toISOString(),
  });
  const spot = (): string => spots[count % spots.length] ?? '';
  const get = (url: string): Call => ({ method: 'GET', url, headers: { authorization }, status: 200 });

  return {
    search() {
      count += 1;
      const { from, to } = window(count % 200, 2);
      const latitude = CENTRE.latitude + ((count % 7) - 3) / 1_000;
      const place = `latitude=${latitude.toFixed(6)}&longitude=${CENTRE.longitude}&radius=1000`;
      return get(`${spotsUrl}/v1/spots?${place}&from=${from}&to=${to}`);
    },
    quote() {
      count += 1;
      const { from, to } = window(count % 200, 2);
      return get(`${spotsUrl}/v1/spots/${spot()}/quote?from=${from}&to=${to}`);
    },
    booking() {
      count += 1;
      const { from: startsAt, to: endsAt } = window(Math.floor(count / spots.length), 1);
      const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': randomUUID() };
      const body = JSON.stringify({ spotId: spot(), startsAt, endsAt });
      return { method: 'POST', url: `${bookingsUrl}/v1/bookings`, headers, body, status: 201 };
    },
  };
};
