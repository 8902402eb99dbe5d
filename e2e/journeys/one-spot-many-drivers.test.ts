/** Journey 2: many want the same spot at the same time; one gets it, the others a clear 409. */
import { randomUUID } from 'node:crypto';
import t from 'tap';
import { askAgain } from '../platform/ask-again.ts';
import { overlaps } from '../platform/overlaps.ts';
import { offerSpot } from '../platform/offer-spot.ts';
import { mintToken } from '../platform/mint-token.ts';
import { clientsOf, register } from '../platform/people.ts';
import { stacks } from '../platform/stacks.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { windowIn } from '../platform/windows.ts';

const ATTEMPTS = 240;
const DRIVERS = 8;
/** On a slow machine so many at once are too many at times, and some are told to come again: soon. */
const IMPATIENT = { PARKWISE_CIRCUIT_RECOVERY: 'PT1S' };

/** How many of the attempts at overlapping windows were answered how. */
const rush = async (platform: Awaited<ReturnType<typeof startPlatform>>) => {
  const provider = await register(platform, 'provider', 'marta');
  const spot = await offerSpot(provider);
  const drivers = await Promise.all(
    Array.from({ length: DRIVERS }, async (_, index) => {
      const sub = `01900000-0000-7000-8000-0000000e${String(index).padStart(4, '0')}`;
      const token = await mintToken(platform, { sub, scopes: ['bookings:write'], roles: ['driver'] });
      return clientsOf(platform, token).booking;
    }),
  );
  const window = windowIn(5);
  const answers = await Promise.all(
    Array.from({ length: ATTEMPTS }, (_, attempt) => {
      const driver = drivers[attempt % DRIVERS] as (typeof drivers)[number];
      const request = { headers: { 'Idempotency-Key': randomUUID() }, body: { spotId: spot.id, ...window } };
      return askAgain(() => driver.createBooking(request));
    }),
  );
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const problem = answer.status === 409 ? `409 ${(answer.body as { type: string }).type}` : String(answer.status);
    counts[problem] = (counts[problem] ?? 0) + 1;
  }
  return { counts, overlapping: await overlaps(platform) };
};

for (const stack of stacks) {
  t.test(stack.name, { skip: stack.skip, timeout: 120_000 }, async (t) => {
    await t.test(`${ATTEMPTS} attempts at one spot and window`, async (t) => {
      await using platform = await startPlatform({ stack: stack.name, demo: false, env: IMPATIENT });
      const { counts, overlapping } = await rush(platform);
      t.same(
        counts,
        { '201': 1, '409 https://parkwise.dev/problems/spot-taken': ATTEMPTS - 1 },
        'one gets it, the others are told',
      );
      t.equal(overlapping, 0, 'no two bookings in the database overlap');
    });

    await t.test('saboteur: the overlap is checked before the transaction', async (t) => {
      await using platform = await startPlatform({
        stack: stack.name,
        demo: false,
        env: { PARKWISE_SABOTAGE: 'check-before-transaction' },
      });
      const { overlapping } = await rush(platform);
      t.ok(overlapping > 0, `the check above sees it: ${overlapping} pairs overlap`);
    });
  });
}
