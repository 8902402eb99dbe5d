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
  const [first, ...others] = boxes;
  if (first && others.length === 0) void inside(query, column, first);
  else if (first) fromEach(query, column, boxes);
  if (!circle) return;
  const { centre, radiusMetres } = circle;
  void query.whereRaw(`ST_Distance_Sphere(??, POINT(?, ?), ${EARTH_RADIUS}) <= ?`, [
    column,
    centre.longitude,
    centre.latitude,
    radiusMetres + MARGIN_METRES,
  ]);
}

const inside = (query: Knex.QueryBuilder, column: string, box: GeoBox): Knex.QueryBuilder =>
  query.whereRaw(`MBRContains(ST_GeomFromText(?, ${SRID}), ??)`, [polygon(box), column]);

/** With OR a spatial index is of no use, and the whole table would be read: each box is searched by itself, without what was found before. */
function fromEach(query: Knex.QueryBuilder, column: string, boxes: readonly GeoBox[]): void {
  const table = column.slice(0, column.lastIndexOf('.'));
  const search = (builder: Knex.QueryBuilder, index: number): Knex.QueryBuilder => {
    const found = inside(builder.select('*').from(table), column, boxes[index] as GeoBox);
    for (const box of boxes.slice(0, index)) void found.whereNot((before) => void inside(before, column, box));
    return found;
  };
  const all = (builder: Knex.QueryBuilder): void => {
    void search(builder, 0).as(table);
    for (const index of boxes.slice(1).keys())
      void builder.unionAll((next: Knex.QueryBuilder) => void search(next, index + 1));
  };
  // knex takes a function here as well, which its types do not say.
  void query.from(all as unknown as Knex.Raw);
}

function polygon(box: GeoBox): string {
  const [west, east] = [box.west - MARGIN_DEGREES, box.east + MARGIN_DEGREES];
  const [south, north] = [box.south - MARGIN_DEGREES, box.north + MARGIN_DEGREES];
  return `POLYGON((${west} ${south}, ${east} ${south}, ${east} ${north}, ${west} ${north}, ${west} ${south}))`;
}
