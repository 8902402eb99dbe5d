import { randomUUID } from 'node:crypto';
import type { Fault } from './frame/fault.ts';
import { windowAt } from './load/book.ts';
import { offerSpots } from './load/offer-spots.ts';
import { openWorld, somebody, type World } from './world/open-world.ts';

const AT_ONCE = 100;

/** A client that got no answer sends the same request with the same key, as often as it likes: it happens once. */
export const fault: Fault = {
  name: 'post-retry',
  summary:
    '100 concurrent bookings with one Idempotency-Key, over two processes: one 201, 99 replays of it, one effect',
  seconds: { reduced: 120, full: 120 },
  saboteurs: { 'idempotency-off': { breaks: 'the key is not looked at' } },
  async run(run) {
    const rounds = run.full ? 20 : 3;
    await using world = await openWorld(run, { services: { 'parking-lot': 1, booking: 2 } });
    const spots = await offerSpots(world, rounds);
    let fresh = 0;
    let replayed = 0;
    let busy = 0;
    let other = 0;
    let different = 0;
    for (const spot of spots) {
      const round = await oneKey(world, spot);
      fresh += round.filter(({ kind }) => kind === 'fresh').length;
      replayed += round.filter(({ kind }) => kind === 'replayed').length;
      other += round.filter(({ kind }) => kind === 'other').length;
      busy += round.reduce((sum, one) => sum + one.busy, 0);
      if (new Set(round.map(({ body }) => body)).size !== 1) different += 1;
    }
    const { knex } = await world.stores.database('booking');
    const [rows] = await knex('bookings').count({ n: '*' });
    const effects = Number(rows?.['n']);
    if (busy > 0) run.note(`${busy} times "try again" (409 or 503 with Retry-After) on the way`);
    run.expect(`${rounds} × one 201`, fresh === rounds);
    run.expect(`${rounds} × 99 replays`, replayed === rounds * (AT_ONCE - 1));
    run.expect('each replay is the first answer, to the byte', different === 0);
    run.expect(`${rounds} bookings are there`, effects === rounds);
    return {
      tried: `${rounds} × ${AT_ONCE} concurrent requests with one key`,
      lost: other + Math.abs(effects - rounds),
    };
  },
};

interface Reply {
  readonly kind: 'fresh' | 'replayed' | 'other';
  readonly body: string;
  /** How often it was told to ask again. */
  readonly busy: number;
}

const oneKey = async (world: World, spotId: string): Promise<readonly Reply[]> => {
  const key = randomUUID();
  // One driver: a key belongs to who sends it.
  const token = world.token(somebody('driver'));
  const request = async (url: string): Promise<Reply> => {
    for (let busy = 0; ; busy += 1) {
      const response = await fetch(`${url}/v1/bookings`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await token()}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify(windowAt(spotId, 600, 60)),
      });
      const body = await response.text();
      const retryAfter = response.headers.get('retry-after');
      // In progress, or no price at the moment: both say when to ask again, with the same key.
      if ((response.status === 409 || response.status === 503) && retryAfter !== null && busy < 10) {
        await new Promise((resolve) => setTimeout(resolve, Number(retryAfter) * 1000));
        continue;
      }
      const isReplay = response.headers.get('idempotency-replayed') === 'true';
      return { kind: response.status !== 201 ? 'other' : isReplay ? 'replayed' : 'fresh', body, busy };
    }
  };
  const urls = world.instances('booking').map(({ url }) => url);
  return Promise.all(Array.from({ length: AT_ONCE }, (_, index) => request(urls[index % urls.length] ?? '')));
};
