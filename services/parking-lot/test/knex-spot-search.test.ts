import t from 'tap';
import { aDatabase } from './a-database.ts';
import { anOffer, at, euros } from './a-spot.ts';
import type { SpotChange } from '../src/domain/spot.ts';

/** A database with these spots, and a search that names what it finds by title. */
async function searchAmong(offers: readonly SpotChange[]) {
  const { spots, search, write, close } = await aDatabase();
  await write(async (tx) => {
    for (const offer of offers) await spots.add(tx, offer);
  });
  const titles = new Map(offers.map(({ spot }) => [spot.id, spot.title]));
  const around = async (
    latitude: number,
    longitude: number,
    criteria: Partial<Parameters<typeof search.around>[0]> = {},
  ) => {
    const centre = at(latitude, longitude).location;
    const found = await search.around({ centre, radius: 1000, amenities: [], ...criteria });
    return found.map(({ spotId }) => titles.get(spotId)).toSorted();
  };
  return { around, search, close };
}

t.test('spots within the radius are found, whatever the corner of the world', async (t) => {
  const { around, close } = await searchAmong([
    anOffer({ title: 'sol', ...at(40.418, -3.7026) }),
    anOffer({ title: 'edge', ...at(40.4268, -3.7026) }),
    anOffer({ title: 'corner', ...at(40.4255, -3.6935) }),
    anOffer({ title: 'fiji east', ...at(-17, 179.9995) }),
    anOffer({ title: 'fiji west', ...at(-17, -179.9995) }),
    anOffer({ title: 'pole', ...at(90, 0) }),
    anOffer({ title: 'across the pole', ...at(89.999, 180) }),
    anOffer({ title: 'south', ...at(-90, -180) }),
  ]);
  t.teardown(close);
  t.strictSame(await around(40.418, -3.7026), ['edge', 'sol'], 'within the box is not within the circle');
  t.strictSame(await around(-17, 180), ['fiji east', 'fiji west']);
  t.strictSame(await around(-17, -180), ['fiji east', 'fiji west']);
  t.strictSame(await around(-17, 179.9995, { radius: 50 }), ['fiji east']);
  t.strictSame(await around(89.9995, 0), ['across the pole', 'pole']);
  t.strictSame(await around(-89.999, 77), ['south']);
  t.strictSame(await around(0, 0), []);
});

t.test('type, amenities and price narrow the search, and what is not listed is not found', async (t) => {
  const { around, search, close } = await searchAmong([
    anOffer({ title: 'covered', type: 'covered', amenities: ['lighting', 'guarded'], ...euros(250) }),
    anOffer({ title: 'charging', type: 'evCharging', amenities: ['lighting'], ...euros(400) }),
    anOffer({ title: 'hidden', status: 'UNLISTED' }),
  ]);
  t.teardown(close);
  const sol = [40.418, -3.7026] as const;
  t.strictSame(await around(...sol), ['charging', 'covered']);
  t.strictSame(await around(...sol, { type: 'evCharging' }), ['charging']);
  t.strictSame(await around(...sol, { type: 'handicap' }), []);
  t.strictSame(await around(...sol, { amenities: ['guarded', 'lighting'] }), ['covered']);
  t.strictSame(await around(...sol, { amenities: ['carWash'] }), []);
  t.strictSame(await around(...sol, { maxPrice: 250 }), ['covered']);
  t.strictSame(await around(...sol, { maxPrice: 249 }), []);
  t.equal((await search.listed([])).size, 0);
});
