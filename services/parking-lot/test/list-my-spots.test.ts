import t from 'tap';
import { aService, offered, otherProvider, problem, provider } from './a-service.ts';

t.test("a provider's spots come page by page, the latest first, and nobody else's", async (t) => {
  await using app = await aService();
  const titles = ['a', 'b', 'c', 'd', 'e'];
  for (const title of titles) {
    await offered(app, { title, status: title === 'b' ? 'UNLISTED' : 'LISTED' });
    if (title !== 'c') app.clock.advance('PT1S');
  }
  await offered(app, {}, otherProvider);
  const read = async (status?: 'LISTED' | 'UNLISTED'): Promise<string[]> => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 2, ...(status && { status }), ...(cursor !== undefined && { cursor }) };
      const page = await app.as(provider).listMySpots({ query });
      if (page.status !== 200) throw new Error(`answered ${page.status}`);
      t.ok(page.body.items.length <= 2);
      seen.push(...page.body.items.map((spot) => spot.title));
      cursor = page.body.next;
    } while (cursor !== undefined);
    return seen;
  };
  const all = await read();
  t.strictSame([all[0], all[4]], ['e', 'a']);
  t.strictSame(all.toSorted(), titles);
  t.strictSame((await read('LISTED')).toSorted(), ['a', 'c', 'd', 'e']);
  t.strictSame(await read('UNLISTED'), ['b']);
});

t.test('a cursor fits one list of one provider', async (t) => {
  await using app = await aService();
  for (const title of ['a', 'b', 'c']) await offered(app, { title });
  const page = await app.as(provider).listMySpots({ query: { limit: 1 } });
  if (page.status !== 200 || page.body.next === undefined) throw new Error('There is no next page');
  const cursor = page.body.next;
  t.equal((await app.as(provider).listMySpots({ query: { cursor, limit: 2 } })).status, 200, 'of any length');
  for (const answer of [
    await app.as(provider).listMySpots({ query: { cursor: 'made-up' } }),
    await app.as(provider).listMySpots({ query: { cursor, status: 'LISTED' } }),
    await app.as(otherProvider).listMySpots({ query: { cursor } }),
  ]) {
    t.equal(answer.status, 400);
    t.match(answer.body, problem('invalid-cursor'));
  }
});
