/** Search and quote, as one would write them with SQL: rules of price and opening hours are those of the service's domain. */
import { unavailableReason, type OccupiedTimes } from '../../../services/parking-lot/src/domain/availability.ts';
import { boxesAround, distanceBetween, type Point } from '../../../services/parking-lot/src/domain/geography.ts';
import type { OpeningHours } from '../../../services/parking-lot/src/domain/opening-hours.ts';
import { isScarce, priceOf, type Price, type Pricing } from '../../../services/parking-lot/src/domain/pricing.ts';
import {
  longestWindowDays,
  windowFault,
  type TimeWindow,
} from '../../../services/parking-lot/src/domain/time-window.ts';
import { Refusal, type Route } from './serve.ts';
import type { Row, Sql } from './sql.ts';

const PAGE = 20;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const iso = (ms: number): string => new Date(ms).toISOString();
const json = <T>(value: unknown): T => JSON.parse(String(value)) as T;

export const spotRoutes = (sql: Sql): readonly Route[] => {
  const occupied = async (
    ids: readonly string[],
    { from, to }: TimeWindow,
  ): Promise<ReadonlyMap<string, OccupiedTimes>> => {
    const marks = ids.map(() => '?').join();
    const values = [...ids, sql.toInstant(to), sql.toInstant(from)];
    const overlapping = `spot_id IN (${marks}) AND starts_at < ? AND ends_at > ?`;
    const [blocks, bookings] = await Promise.all([
      sql.query(`SELECT spot_id, starts_at, ends_at FROM blocks WHERE ${overlapping}`, ...values),
      sql.query(
        `SELECT spot_id, starts_at, ends_at FROM busy_periods WHERE ${overlapping} AND state <> 'FREED'`,
        ...values,
      ),
    ]);
    const times = (rows: readonly Row[], id: string): TimeWindow[] =>
      rows
        .filter((row) => row['spot_id'] === id)
        .map((row) => ({ from: sql.fromInstant(row['starts_at']), to: sql.fromInstant(row['ends_at']) }));
    return new Map(ids.map((id) => [id, { blocks: times(blocks, id), bookings: times(bookings, id) }]));
  };

  const near = async (centre: Point, radius: number, columns: string, ...values: (string | number)[]) => {
    const boxes = boxesAround(centre, radius);
    const where = boxes.map(() => sql.within.sql).join(' OR ');
    const inBoxes = boxes.flatMap((box) => sql.within.values(box));
    const rows = await sql.query(
      `SELECT ${columns} FROM spots WHERE status = 'LISTED' AND (${where})`,
      ...values,
      ...inBoxes,
    );
    return rows
      .map((row) => ({
        row,
        distance: distanceBetween(centre, { type: 'Point', coordinates: sql.place(row['place']) }),
      }))
      .filter(({ distance }) => distance <= radius);
  };

  const price = async (row: Row, window: TimeWindow): Promise<Price | undefined> => {
    const pricing = json<Pricing>(row['pricing']);
    let scarce = false;
    if (pricing.demand) {
      const taken = `EXISTS (SELECT 1 FROM busy_periods b WHERE b.spot_id = spots.id AND b.state <> 'FREED' AND b.starts_at < ? AND b.ends_at > ?) AS taken`;
      const bounds = [sql.toInstant(window.to), sql.toInstant(window.from)];
      const around = await near(json<Point>(row['location']), 1_000, `place, ${taken}`, ...bounds);
      const busy = around.filter((one) => Number(one.row['taken']) === 1);
      scarce = isScarce(pricing.demand, { spots: around.length, taken: busy.length });
    }
    return priceOf(pricing, { zone: String(row['time_zone']), window, scarce });
  };

  const reasonAgainst = (row: Row, window: TimeWindow, times: OccupiedTimes | undefined) =>
    unavailableReason(
      {
        zone: String(row['time_zone']),
        opening: json<OpeningHours>(row['opening_hours']),
        ...(times ?? { blocks: [], bookings: [] }),
      },
      window,
    );

  const windowOf = (query: URLSearchParams): TimeWindow => {
    const window = { from: Date.parse(query.get('from') ?? ''), to: Date.parse(query.get('to') ?? '') };
    const fault = windowFault(window, longestWindowDays);
    if (fault) throw new Refusal(422, fault);
    return window;
  };

  const search: Route = {
    method: 'GET',
    path: /^\/v1\/spots$/,
    scope: 'spots:read',
    async answer({ query }) {
      const number = (name: string, low: number, high: number): number => {
        const value = Number(query.get(name) ?? Number.NaN);
        if (!(value >= low && value <= high)) throw new Refusal(400, `${name} is wrong`);
        return value;
      };
      const [latitude, longitude] = [number('latitude', -90, 90), number('longitude', -180, 180)];
      const [radius, window] = [number('radius', 50, 50_000), windowOf(query)];
      const centre: Point = { type: 'Point', coordinates: [longitude, latitude] };
      const found = (await near(centre, radius, '*')).toSorted(
        (a, b) => a.distance - b.distance || (String(a.row['id']) < String(b.row['id']) ? -1 : 1),
      );
      const times = await occupied(found.map(({ row }) => String(row['id'])).concat(''), window);
      const items: object[] = [];
      for (const { row, distance } of found) {
        if (items.length === PAGE) break;
        if (reasonAgainst(row, window, times.get(String(row['id'])))) continue;
        const cost = await price(row, window);
        if (!cost) continue;
        const sum = Number(row['rating_sum'] ?? 0);
        const count = Number(row['rating_count'] ?? 0);
        items.push({
          spotId: row['id'],
          title: row['title'],
          type: row['type'],
          location: json(row['location']),
          address: json(row['address']),
          amenities: json(row['amenities']),
          basePricePerHour: json<Pricing>(row['pricing']).basePricePerHour,
          windowPrice: cost.total,
          distance: Math.round(distance),
          ...(count > 0 && { rating: { average: Math.round((sum / count) * 100) / 100, count } }),
        });
      }
      return { status: 200, body: { items } };
    },
  };

  const quote: Route = {
    method: 'GET',
    path: /^\/v1\/spots\/([^/]+)\/quote$/,
    scope: 'spots:read',
    async answer({ parts: [id = ''], query }) {
      if (!UUID.test(id)) throw new Refusal(400, 'spotId is wrong');
      const window = windowOf(query);
      const [row] = await sql.query('SELECT * FROM spots WHERE id = ?', id.toLowerCase());
      if (row?.['status'] !== 'LISTED') throw new Refusal(404, 'There is no spot with this id.');
      const cost = await price(row, window);
      if (!cost) throw new Refusal(422, 'So long a window costs more than can be charged at once.');
      const reason = reasonAgainst(row, window, (await occupied([id], window)).get(id));
      return {
        status: 200,
        body: {
          spotId: row['id'],
          spotVersion: Number(row['version']),
          providerId: row['provider_id'],
          from: iso(window.from),
          to: iso(window.to),
          available: reason === undefined,
          ...(reason && { unavailableReason: reason }),
          price: cost.total,
          breakdown: cost.parts.map(({ from, to, ...part }) => ({ from: iso(from), to: iso(to), ...part })),
          cancellationPolicy: json(row['cancellation_policy']),
        },
      };
    },
  };
  return [search, quote];
};
