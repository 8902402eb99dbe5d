import { column, table, type Tx } from '@parkwise/runtime';
import type { Knex } from 'knex';

const spots = table('spots', {
  id: column.uuid(),
  latitudeE7: column.integer(),
  longitudeE7: column.integer(),
  place: column.point().optional(),
});

const AT_ONCE = 500;

/** Two whole numbers become one point, which a spatial index can find. */
export async function up(knex: Knex.Transaction, tx: Tx): Promise<void> {
  await spots.addColumns(knex, 'place');
  for (;;) {
    const rows = await spots.find(tx, { place: null }, { limit: AT_ONCE });
    for (const { id, longitudeE7, latitudeE7 } of rows) {
      await spots.update(tx, { id }, { place: { longitude: longitudeE7 / 1e7, latitude: latitudeE7 / 1e7 } });
    }
    if (rows.length < AT_ONCE) break;
  }
  await knex.schema.alterTable(spots.name, (builder) => {
    builder.dropIndex([], 'spots_by_place');
  });
  for (const name of [spots.columns.latitudeE7, spots.columns.longitudeE7]) {
    await knex.raw('alter table ?? drop column ??', [spots.name, name]);
  }
  await spots.addSpatialIndex(knex, 'place', 'spots_by_place');
}
