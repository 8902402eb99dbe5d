import t from 'tap';
import { aBooking, aService, driver, offered, otherProvider, problem, provider, tell } from './a-service.ts';

const day = { from: '2026-03-05T06:00:00Z', to: '2026-03-05T18:00:00Z' };
const missing = '018f3c30-2d4e-7a5b-8c6d-2b3c4d5e6fff';

t.test('a provider keeps a spot back, and lets it go again', async (t) => {
  await using app = await aService();
  const spotId = (await offered(app)).id;
  const made = await app.as(provider).blockSpot({ path: { spotId }, body: { ...day, reason: 'Painting the floor' } });
  if (made.status !== 201) throw new Error(`answered ${made.status}`);
  const block = made.body;
  t.strictSame(block, {
    id: block.id,
    spotId,
    providerId: provider.sub,
    ...day,
    reason: 'Painting the floor',
    createdAt: '2026-03-01T08:10:00Z',
  });
  t.equal(made.headers['location'], `/v1/spots/${spotId}/blocks/${block.id}`);
  t.strictSame((await app.as(provider).listBlocks({ path: { spotId } })).body, { items: [block] });

  const path = { spotId, blockId: block.id };
  t.equal((await app.as(provider).unblockSpot({ path })).status, 204);
  t.strictSame((await app.as(provider).listBlocks({ path: { spotId } })).body, { items: [] });
  t.match(await app.as(provider).unblockSpot({ path }), { status: 404, body: problem('block-not-found') });
  t.match(app.published('ParkingSpotAvailabilityChanged'), [
    { spotId, providerId: provider.sub, status: 'BLOCKED', startsAt: day.from, endsAt: day.to },
    { spotId, status: 'AVAILABLE', startsAt: day.from, endsAt: day.to },
  ]);
});

t.test('what is booked or blocked already cannot be blocked', async (t) => {
  await using app = await aService();
  const spotId = (await offered(app)).id;
  const block = (from: string, to: string) => app.as(provider).blockSpot({ path: { spotId }, body: { from, to } });
  await tell(app, aBooking(spotId, '2026-03-02T09:00:00Z', '2026-03-02T11:00:00Z')).requested();
  t.match(await block('2026-03-02T08:00:00Z', '2026-03-02T10:00:00Z'), {
    status: 409,
    body: problem('window-not-available'),
  });
  t.equal((await block('2026-03-02T08:00:00Z', '2026-03-02T09:00:00Z')).status, 201, 'until the booking');
  t.match(await block('2026-03-02T08:30:00Z', '2026-03-02T09:00:00Z'), {
    status: 409,
    body: problem('window-not-available'),
  });
});

t.test('of two blocks of one window, one is made', async (t) => {
  await using app = await aService();
  const path = { spotId: (await offered(app)).id };
  const answers = await Promise.all([1, 2, 3, 4].map(() => app.as(provider).blockSpot({ path, body: day })));
  t.strictSame(answers.map(({ status }) => status).toSorted(), [201, 409, 409, 409]);
});

t.test('a block makes sense', async (t) => {
  await using app = await aService();
  const path = { spotId: (await offered(app)).id };
  for (const body of [
    { from: day.to, to: day.from },
    { from: '2026-02-05T06:00:00Z', to: '2026-02-05T18:00:00Z' },
    { from: '2026-03-05T06:00:00Z', to: '2027-03-07T06:00:00Z' },
  ]) {
    t.match(await app.as(provider).blockSpot({ path, body }), { status: 422, body: problem('invalid-window') });
  }
});

t.test('blocks are the business of the provider alone', async (t) => {
  await using app = await aService();
  const spotId = (await offered(app)).id;
  const made = await app.as(provider).blockSpot({ path: { spotId }, body: day });
  if (made.status !== 201) throw new Error(`answered ${made.status}`);
  const notFound = { status: 404, body: problem('spot-not-found') };
  t.match(await app.as(otherProvider).listBlocks({ path: { spotId } }), notFound);
  t.match(await app.as(otherProvider).blockSpot({ path: { spotId }, body: day }), notFound);
  t.match(await app.as(otherProvider).unblockSpot({ path: { spotId, blockId: made.body.id } }), notFound);
  t.match(await app.as(provider).listBlocks({ path: { spotId: missing } }), notFound);
  t.match(await app.as(provider).blockSpot({ path: { spotId: missing }, body: day }), notFound);
  t.match(await app.as(provider).unblockSpot({ path: { spotId: missing, blockId: made.body.id } }), notFound);
  t.equal((await app.as(driver).listBlocks({ path: { spotId } })).status, 403);
});

t.test('blocks come page by page, the earliest first, without those that are over', async (t) => {
  await using app = await aService();
  const path = { spotId: (await offered(app)).id };
  for (const date of ['2026-03-05', '2026-03-03', '2026-03-04', '2026-03-02']) {
    const body = { from: `${date}T06:00:00Z`, to: `${date}T18:00:00Z` };
    t.equal((await app.as(provider).blockSpot({ path, body })).status, 201);
  }
  app.clock.set('2026-03-02T18:00:00Z');
  const first = await app.as(provider).listBlocks({ path, query: { limit: 2 } });
  if (first.status !== 200 || first.body.next === undefined) throw new Error('There is no next page');
  t.match(first.body.items, [{ from: '2026-03-03T06:00:00Z' }, { from: '2026-03-04T06:00:00Z' }]);
  const { next } = first.body;
  const second = await app.as(provider).listBlocks({ path, query: { limit: 2, cursor: next } });
  t.match(second.body, { items: [{ from: '2026-03-05T06:00:00Z' }], next: undefined });

  const other = { spotId: (await offered(app)).id };
  for (const answer of [
    await app.as(provider).listBlocks({ path, query: { cursor: 'made-up' } }),
    await app.as(provider).listBlocks({ path: other, query: { cursor: next } }),
  ]) {
    t.match(answer, { status: 400, body: problem('invalid-cursor') });
  }
});
