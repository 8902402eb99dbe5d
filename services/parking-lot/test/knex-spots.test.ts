import t from 'tap';
import { changeSpot, removeSpot } from '../src/domain/spot.ts';
import type { Spot, SpotPatch } from '../src/domain/spot.ts';
import { blocked } from '../src/domain/block.ts';
import { aDatabase } from './a-database.ts';
import { NOW, PROVIDER, anOffer, on } from './a-spot.ts';

const changed = (spot: Spot, patch: SpotPatch) => {
  const change = changeSpot(spot, patch, new Date(NOW.getTime() + 1000));
  if ('refused' in change) throw new Error(change.detail);
  return change;
};
const stranger = '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5eff';

t.test('a spot is read as it was stored, after each change', async (t) => {
  const { spots, write, close } = await aDatabase();
  t.teardown(close);
  const offer = anOffer({
    description: 'Second basement.',
    openingHours: { seasons: [{ firstDay: '2026-06-01', lastDay: '2026-08-31' }] },
  });
  await write((tx) => spots.add(tx, offer));
  t.strictSame(await spots.ownedBy(PROVIDER, offer.spot.id), offer.spot);
  const change = changed(offer.spot, { description: null, openingHours: { seasons: null } });
  t.equal(await write((tx) => spots.save(tx, change, 1)), true);
  t.strictSame(await spots.ownedBy(PROVIDER, offer.spot.id), change.spot);
});

t.test('a rating is kept when the provider changes the spot', async (t) => {
  const { spots, write, close } = await aDatabase();
  t.teardown(close);
  const offer = anOffer();
  const rating = { average: 4.5, count: 2 };
  await write((tx) => spots.add(tx, { ...offer, spot: { ...offer.spot, rating } }));
  await write((tx) => spots.save(tx, changed(offer.spot, { title: 'Another' }), 1));
  t.match(await spots.ownedBy(PROVIDER, offer.spot.id), { title: 'Another', rating });
});

t.test('only the provider sees a spot that is not listed', async (t) => {
  const { spots, write, close } = await aDatabase();
  t.teardown(close);
  const [listed, unlisted] = [anOffer(), anOffer({ status: 'UNLISTED' })];
  await write(async (tx) => {
    await spots.add(tx, listed);
    await spots.add(tx, unlisted);
  });
  t.ok(await spots.visibleTo(stranger, listed.spot.id));
  t.notOk(await spots.visibleTo(stranger, unlisted.spot.id));
  t.ok(await spots.visibleTo(PROVIDER, unlisted.spot.id));
  t.notOk(await spots.ownedBy(stranger, listed.spot.id));
  t.notOk(await write((tx) => spots.lock(tx, listed.spot.id, stranger)));
  t.ok(await write((tx) => spots.lock(tx, listed.spot.id)));
});

t.test('a change or a removal of a state that is no longer the current one is not stored, nor told', async (t) => {
  const { spots, write, published, close } = await aDatabase();
  t.teardown(close);
  const offer = anOffer();
  await write((tx) => spots.add(tx, offer));
  t.equal(await write((tx) => spots.save(tx, changed(offer.spot, { title: 'First' }), 1)), true);
  const told = published.length;
  t.equal(await write((tx) => spots.save(tx, changed(offer.spot, { title: 'Second' }), 1)), false);
  t.match(await spots.ownedBy(PROVIDER, offer.spot.id), { title: 'First', version: 2 });
  t.equal(published.length, told);
  const removal = write(async (tx) => {
    if (!(await spots.remove(tx, removeSpot(offer.spot, NOW)))) throw new Error('stale');
  });
  await t.rejects(removal, { message: 'stale' });
  t.ok(await spots.ownedBy(PROVIDER, offer.spot.id));
});

t.test('whatever is told of a spot has the next place in one sequence', async (t) => {
  const { spots, blocks, write, published, close } = await aDatabase();
  t.teardown(close);
  const { spot, ...rest } = anOffer();
  const block = { id: 'b', spotId: spot.id, providerId: PROVIDER, window: on(5, 6, 18), createdAt: NOW };
  await write((tx) => spots.add(tx, { spot, ...rest }));
  await write((tx) => spots.tell(tx, spot, [blocked(block, NOW)]));
  const unlisted = changed(spot, { status: 'UNLISTED' });
  await write((tx) => spots.save(tx, unlisted, 1));
  const listed = changed(unlisted.spot, { status: 'LISTED' });
  await write((tx) => spots.save(tx, listed, 2));
  await write((tx) => blocks.add(tx, block));
  await write((tx) => spots.remove(tx, removeSpot(listed.spot, NOW)));
  t.strictSame(
    published.map(({ message, data, about }) => [message, data['status'], about.sequence]),
    [
      ['parkingSpotListed', undefined, 1],
      ['parkingSpotAvailabilityChanged', 'BLOCKED', 2],
      ['parkingSpotUpdated', 'UNLISTED', 3],
      ['parkingSpotUpdated', 'LISTED', 4],
      ['parkingSpotListed', undefined, 5],
      ['parkingSpotUpdated', 'REMOVED', 6],
    ],
  );
  t.ok(published.every(({ about }) => about.key === spot.id));
  t.notOk(await spots.ownedBy(PROVIDER, spot.id));
  t.strictSame(await blocks.listOf(spot.id, { now: NOW, limit: 10 }), [], 'its blocks are gone with it');
});

t.test(
  "a provider's spots come page by page, the latest first, each once, even if all are of one moment",
  async (t) => {
    const { spots, write, close } = await aDatabase();
    t.teardown(close);
    const offers = Array.from({ length: 7 }, (_, index) =>
      anOffer({}, { now: new Date(NOW.getTime() + Math.floor(index / 4)) }),
    );
    await write(async (tx) => {
      for (const offer of offers) await spots.add(tx, offer);
      await spots.add(tx, anOffer({ status: 'UNLISTED' }, { now: new Date(0) }));
      await spots.add(tx, anOffer({}, { providerId: stranger }));
    });
    const seen: Spot[] = [];
    for (;;) {
      const last = seen.at(-1);
      const after = last && { key: last.createdAt.getTime(), id: last.id };
      const page = await spots.listOf(PROVIDER, { after, limit: 2, status: 'LISTED' });
      seen.push(...page);
      if (page.length < 2) break;
    }
    t.equal(seen.length, 7);
    t.equal(new Set(seen.map(({ id }) => id)).size, 7);
    t.equal(seen[0]?.createdAt.getTime(), NOW.getTime() + 1);
    t.equal((await spots.listOf(PROVIDER, { limit: 100 })).length, 8);
    t.match(await spots.listOf(PROVIDER, { limit: 100, status: 'UNLISTED' }), [{ status: 'UNLISTED' }]);
  },
);
