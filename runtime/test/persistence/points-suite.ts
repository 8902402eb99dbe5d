/** Points are found through a spatial index, everywhere on the earth. */
import t from 'tap';
import { column } from '../../src/persistence/column.ts';
import type { GeoArea, GeoPoint } from '../../src/persistence/geography.ts';
import { table } from '../../src/persistence/table.ts';
import type { Opener } from './persistence-suites.ts';

const depots = table('depots', {
  id: column.integer().primaryKey(),
  name: column.text({ max: 50 }),
  place: column.point(),
});

const migrations = [
  {
    name: '0001-depots',
    async up(knex: Parameters<typeof depots.create>[0]) {
      await depots.create(knex);
      await depots.addSpatialIndex(knex, 'place', 'depots_by_place');
    },
  },
];

const at = (longitude: number, latitude: number): GeoPoint => ({ longitude, latitude });

/** Enough that looking at all of them would be the worse plan, as in a city and around it. */
const MANY = 3_000;

export function pointsSuite({ name, open }: Opener): void {
  const withDepots = async (places: readonly GeoPoint[], work: (found: Found) => Promise<void>): Promise<void> => {
    const database = await open();
    try {
      await database.migrate(migrations);
      const rows = places.map((place, id) => ({ id, name: `depot ${id}`, place }));
      await database.transaction(async (tx) => {
        for (let from = 0; from < rows.length; from += 200) await depots.insert(tx, rows.slice(from, from + 200));
      });
      const query = (area: GeoArea) => {
        const made = depots.query(database).select('id').orderBy('id');
        depots.whereWithin(database, made, 'place', area);
        return made;
      };
      await work({
        within: async (...boxes) => (await query({ boxes })).map((row: { id: number }) => row.id),
        places: async () => (await depots.find(database, {}, { orderBy: 'id' })).map((row) => row.place),
        async planOf(area) {
          const { sql, bindings } = query(area).clearOrder().toSQL().toNative();
          const explain = database.dialect.name === 'sqlite' ? 'explain query plan' : 'explain';
          return JSON.stringify(await database.knex.raw(`${explain} ${sql}`, bindings as never));
        },
      });
    } finally {
      await database.close();
    }
  };

  t.test(`${name}: points come back as they went in`, (t) => {
    const places = [at(0, 0), at(-0.376_288_123_456_7, 39.469_907_1), at(180, 90), at(-180, -90), at(1e-7, -1e-7)];
    return withDepots(places, async ({ places: found }) => {
      t.strictSame(await found(), places);
    });
  });

  t.test(`${name}: a box holds its edges, the poles and both sides of the antimeridian`, (t) => {
    const places = [
      at(10, 40),
      at(10.5, 40.5),
      at(11, 41),
      at(179.999, -17),
      at(-179.999, -17),
      at(0, 90),
      at(33, -90),
    ];
    return withDepots(places, async ({ within }) => {
      t.strictSame(await within({ west: 10, east: 11, south: 40, north: 41 }), [0, 1, 2]);
      t.strictSame(await within({ west: 10.1, east: 10.9, south: 40.1, north: 40.9 }), [1]);
      const across = [
        { west: 179.99, east: 180, south: -18, north: -16 },
        { west: -180, east: -179.99, south: -18, north: -16 },
      ];
      t.strictSame(await within(...across), [3, 4]);
      t.strictSame(await within({ west: -180, east: 180, south: 89, north: 90 }), [5]);
      t.strictSame(await within({ west: -180, east: 180, south: -90, north: -89 }), [6]);
      t.strictSame(await within({ west: 50, east: 51, south: 0, north: 1 }), []);
    });
  });

  t.test(`${name}: a search uses the spatial index`, (t) => {
    // Without chance: the same places in every run.
    const places = Array.from({ length: MANY }, (_, n) =>
      at(-0.5 + ((n * 7919) % 3_001) / 10_000, 39.3 + ((n * 104_729) % 2_999) / 10_000),
    );
    return withDepots(places, async ({ planOf, within }) => {
      const box = { west: -0.4, east: -0.39, south: 39.4, north: 39.41 };
      const circle = { centre: at(-0.395, 39.405), radiusMetres: 500 };
      t.match(await planOf({ boxes: [box], circle }), /depots_by_place/);
      const inside = places.filter(
        ({ longitude, latitude }) =>
          longitude >= box.west && longitude <= box.east && latitude >= box.south && latitude <= box.north,
      );
      t.equal((await within(box)).length, inside.length);
      t.ok(inside.length > 0);
    });
  });

  t.test(`${name}: a search across the antimeridian uses it on both sides`, (t) => {
    // In a band around the earth, so that an index for all longitudes would be of no use.
    const places = Array.from({ length: MANY }, (_, n) =>
      at(((n * 7919) % 360_001) / 1_000 - 180, -17 + (n % 100) / 100),
    );
    return withDepots([...places, at(180, -16.5), at(-180, -16.5)], async ({ planOf, within }) => {
      const east = { west: 178, east: 180, south: -17, north: -16 };
      const west = { ...east, west: -180, east: -178 };
      const circle = { centre: at(180, -16.5), radiusMetres: 200_000 };
      const plan = await planOf({ boxes: [east, west], circle });
      const uses = plan.match(/"key":"depots_by_place"|USING (?:COVERING )?INDEX depots_by_place/g) ?? [];
      t.equal(uses.length, 2);
      const found = await within(east, west);
      t.strictSame(
        found,
        [...(await within(east)), ...(await within(west))].toSorted((a, b) => a - b),
      );
      t.ok(found.length > 20);
      t.strictSame(await within(east, east), await within(east), 'what lies in two boxes is found once');
    });
  });
}

interface Found {
  within(...boxes: GeoArea['boxes'][number][]): Promise<readonly number[]>;
  places(): Promise<readonly GeoPoint[]>;
  planOf(area: GeoArea): Promise<string>;
}
