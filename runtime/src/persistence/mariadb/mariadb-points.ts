import type { Knex } from 'knex';
import type { SpatialIndex } from '../database-dialect.ts';
import type { GeoArea, GeoBox, GeoPoint } from '../geography.ts';

/** WGS 84: longitude and latitude in degrees. */
const SRID = 4326;

/** Mean radius of the earth, in metres. */
const EARTH_RADIUS = 6_371_008.8;

/** Rounding must not cut off what lies on the edge: a tenth of a millimetre, and as much of what is measured. */
const MARGIN_DEGREES = 1e-9;
const MARGIN_METRES = 0.001;

/** As MariaDB keeps a point: its reference system, then WKB. */
export function encodePoint(value: unknown): Buffer {
  const { longitude, latitude } = value as GeoPoint;
  const bytes = Buffer.alloc(25);
  bytes.writeUInt32LE(SRID, 0);
  bytes.writeUInt8(1, 4);
  bytes.writeUInt32LE(1, 5);
  bytes.writeDoubleLE(longitude, 9);
  bytes.writeDoubleLE(latitude, 17);
  return bytes;
}

/** What mysql2 makes of a point: its first coordinate is the longitude. */
export function decodePoint(value: unknown): GeoPoint {
  const { x, y } = value as { readonly x: number; readonly y: number };
  return { longitude: x, latitude: y };
}

/** Columns of a spatial index cannot be empty. */
export async function addSpatialIndex(knex: Knex, { table, column, name }: SpatialIndex): Promise<void> {
  await knex.raw(`ALTER TABLE ?? MODIFY ?? point ref_system_id=${SRID} NOT NULL, ADD SPATIAL INDEX ?? (??)`, [
    table,
    column,
    name,
    column,
  ]);
}

export function whereWithin(query: Knex.QueryBuilder, column: string, { boxes, circle }: GeoArea): void {
  void query.where((inside) => {
    for (const box of boxes) {
      void inside.orWhereRaw(`MBRContains(ST_GeomFromText(?, ${SRID}), ??)`, [polygon(box), column]);
    }
  });
  if (!circle) return;
  const { centre, radiusMetres } = circle;
  void query.whereRaw(`ST_Distance_Sphere(??, POINT(?, ?), ${EARTH_RADIUS}) <= ?`, [
    column,
    centre.longitude,
    centre.latitude,
    radiusMetres + MARGIN_METRES,
  ]);
}

function polygon(box: GeoBox): string {
  const [west, east] = [box.west - MARGIN_DEGREES, box.east + MARGIN_DEGREES];
  const [south, north] = [box.south - MARGIN_DEGREES, box.north + MARGIN_DEGREES];
  return `POLYGON((${west} ${south}, ${east} ${south}, ${east} ${north}, ${west} ${north}, ${west} ${south}))`;
}
