import { column, loadMigrations, table } from '@parkwise/runtime';
import { openTestDatabase } from '@parkwise/runtime/testing';
import t from 'tap';
import { spotsTable } from '../src/adapters/tables.ts';
import { toRow } from '../src/adapters/spot-row.ts';
import { anOffer, at } from './a-spot.ts';

/** What the first migration had instead of `place`. */
const before = table('spots', { id: column.uuid(), latitudeE7: column.integer(), longitudeE7: column.integer() });

t.test('spots that were offered before there was a spatial index keep their place', async (t) => {
  const database = await openTestDatabase();
  t.teardown(() => database.close());
  const migrations = await loadMigrations(new URL('../migrations/', import.meta.url));
  await database.migrate(migrations.slice(0, 1));
  const offers = Array.from({ length: 501 }, (_, n) => anOffer(at(39.4 + n / 1000, -0.376_288_1)).spot);
  await database.transaction(async (tx) => {
    for (const spot of offers) {
      const { place, ...row } = spotsTable.encode(tx, { ...toRow(spot), eventSequence: 1 });
      const [longitude, latitude] = spot.location.coordinates;
      t.ok(place);
      const old = before.encode(tx, {
        latitudeE7: Math.round(latitude * 1e7),
        longitudeE7: Math.round(longitude * 1e7),
      });
      await tx.knex('spots').insert({ ...row, ...old });
    }
  });
  t.same(await database.migrate(migrations), ['0002-place']);
  const places = new Map((await spotsTable.find(database)).map(({ id, place }) => [id, place]));
  for (const { id, location } of offers) {
    const [longitude, latitude] = location.coordinates;
    const place = places.get(id);
    t.ok(place && Math.abs(place.longitude - longitude) < 1e-7 && Math.abs(place.latitude - latitude) < 1e-7);
  }
});
