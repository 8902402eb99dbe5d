import type { Sql } from '@parkwise/runtime';
import type { Knex } from 'knex';
import { boxesAround, distanceBetween } from '../domain/geography.ts';
import type { Point } from '../domain/geography.ts';
import { spotsTable } from './tables.ts';

const { columns } = spotsTable;

export interface FoundRecord {
  /** The columns that were asked for. */
  readonly record: Readonly<Record<string, unknown>>;
  /** In metres. */
  readonly distance: number;
}

/** Listed spots within a circle. The index finds those in the boxes around it, the distance is measured here. */
export async function listedWithin(
  sql: Sql,
  { centre, radius }: { readonly centre: Point; readonly radius: number },
  refine: (query: Knex.QueryBuilder) => Knex.QueryBuilder,
): Promise<readonly FoundRecord[]> {
  const query = spotsTable
    .query(sql)
    .select(columns.id, columns.latitudeE7, columns.longitudeE7)
    .where(columns.status, 'LISTED')
    .where((inside) => {
      for (const { south, north, west, east } of boxesAround(centre, radius)) {
        void inside.orWhere((box) =>
          box
            .whereBetween(columns.latitudeE7, [Math.floor(south * 1e7), Math.ceil(north * 1e7)])
            .whereBetween(columns.longitudeE7, [Math.floor(west * 1e7), Math.ceil(east * 1e7)]),
        );
      }
    });
  const records = (await refine(query)) as Record<string, unknown>[];
  return records.flatMap((record) => {
    const coordinates = [Number(record[columns.longitudeE7]) / 1e7, Number(record[columns.latitudeE7]) / 1e7] as const;
    const distance = distanceBetween(centre, { type: 'Point', coordinates });
    return distance <= radius ? [{ record, distance }] : [];
  });
}
