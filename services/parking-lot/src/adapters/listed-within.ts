import type { Sql } from '@parkwise/runtime';
import type { Knex } from 'knex';
import { boxesAround, distanceBetween } from '../domain/geography.ts';
import type { Point } from '../domain/geography.ts';
import { spotsTable } from './tables.ts';
import type { SpotRow } from './tables.ts';

const { columns } = spotsTable;

export interface FoundRecord {
  /** The columns that were asked for. */
  readonly record: Readonly<Record<string, unknown>>;
  /** The same, as far as they are columns of the table; the others are absent. */
  readonly row: SpotRow;
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
    const row = spotsTable.decode(sql, record);
    const place: Point = { type: 'Point', coordinates: [row.place.longitude, row.place.latitude] };
    const distance = distanceBetween(centre, place);
    return distance <= radius ? [{ record, row, place, distance }] : [];
  });
}
