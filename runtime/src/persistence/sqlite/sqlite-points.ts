import type { Knex } from 'knex';
import type { SpatialIndex } from '../database-dialect.ts';
import type { GeoArea, GeoPoint } from '../geography.ts';

const LONGITUDE = `json_extract(??, '$[0]')`;
const LATITUDE = `json_extract(??, '$[1]')`;

/** As in GeoJSON: `[longitude,latitude]`. */
export function encodePoint(value: unknown): string {
  const { longitude, latitude } = value as GeoPoint;
  return JSON.stringify([longitude, latitude]);
}

export function decodePoint(value: unknown): GeoPoint {
  const [longitude, latitude] = JSON.parse(String(value)) as [number, number];
  return { longitude, latitude };
}

/** An index on both coordinates: the latitude finds the place in it, the longitude is compared there. */
export async function addSpatialIndex(knex: Knex, { table, column, name }: SpatialIndex): Promise<void> {
  await knex.raw(`create index ?? on ?? (${LATITUDE}, ${LONGITUDE})`, [name, table, column, column]);
}

/** The circle is left to whoever asks: SQLite has no function that measures. */
export function whereWithin(query: Knex.QueryBuilder, column: string, { boxes }: GeoArea): void {
  void query.where((inside) => {
    for (const { south, north, west, east } of boxes) {
      void inside.orWhereRaw(`(${LATITUDE} between ? and ? and ${LONGITUDE} between ? and ?)`, [
        column,
        south,
        north,
        column,
        west,
        east,
      ]);
    }
  });
}
