import type { Sql } from '@parkwise/runtime';
import type { Knex } from 'knex';
import { boxesAround, distanceBetween } from '../domain/geography.ts';
import type { Point } from '../domain/geography.ts';
import { spotsTable } from './tables.ts';

const { columns } = spotsTable;

export interface FoundRecord {
  /** The columns that were asked for. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly place: Point;
  /** In metres. */
  readonly distance: number;
}

/** Listed spots within a circle. The spatial index finds those in the boxes around it, the distance is measured here. */
export async function listedWithin(
  sql: Sql,
  { centre, radius }: { readonly centre: Point; readonly radius: number },
  refine: (query: Knex.QueryBuilder) => Knex.QueryBuilder,
): Promise<readonly FoundRecord[]> {
  const query = spotsTable.query(sql).select(columns.place).where(columns.status, 'LISTED');
  const [longitude, latitude] = centre.coordinates;
  spotsTable.whereWithin(sql, query, 'place', {
    boxes: boxesAround(centre, radius),
    circle: { centre: { longitude, latitude }, radiusMetres: radius },
  });
  const records = (await refine(query)) as Record<string, unknown>[];
  return records.flatMap((record) => {
    const { longitude: east, latitude: north } = spotsTable.decode(sql, {
      [columns.place]: record[columns.place],
    }).place;
    const place: Point = { type: 'Point', coordinates: [east, north] };
    const distance = distanceBetween(centre, place);
    return distance <= radius ? [{ record, place, distance }] : [];
  });
}
