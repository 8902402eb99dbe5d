/** The platform as `parkwise up` starts it, and the same by hand, asked in turns. */
import { mintToken } from '../../../e2e/platform/mint-token.ts';
import { offerSpot } from '../../../e2e/platform/offer-spot.ts';
import { register } from '../../../e2e/platform/people.ts';
import { startPlatform, type Platform } from '../../../e2e/platform/start-platform.ts';
import { kafka, mariadb, newNamespace, redis, clearServers } from '../servers.ts';
import { startWorker } from '../worker.ts';
import { callsOf, operations, type Operation, type Side } from './calls.ts';
import { closedLoop, type Answers } from './closed-loop.ts';
import { copyDatabases, copyFiles } from './copy-data.ts';

export type Stack = 'embedded' | 'external';

export interface Plan {
  readonly rounds: number;
  readonly warmUpMs: number;
  /** Of each operation on each side, in each round. */
  readonly roundMs: number;
}

export type Measured = Readonly<Record<Operation, { readonly ours: Answers[]; readonly byHand: Answers[] }>>;

/** So many drivers do not stand in each other's way: of one spot, bookings queue up. */
const SPOTS = 32;

export const compare = async (stack: Stack, plan: Plan): Promise<Measured> => {
  const namespace = newNamespace();
  try {
    await using opened = new AsyncDisposableStack();
    const platform = opened.use(await startPlatform({ env: stack === 'external' ? externalStack(namespace) : {} }));
    const provider = await register(platform, 'provider', 'marta');
    const spots: string[] = [];
    for (let n = 0; n < SPOTS; n += 1) spots.push((await offerSpot(provider, `Spot ${n + 1}`)).id);
    const token = await mintToken(platform, {
      sub: '01900000-0000-7000-8000-0000000e0001',
      scopes: ['spots:read', 'bookings:read', 'bookings:write'],
      roles: ['driver'],
    });
    const copies = stack === 'external' ? await copyDatabases(namespace) : copyFiles(platform.root);
    const start = async (...words: readonly string[]): Promise<string> => {
      const worker = opened.use(await startWorker(new URL('../by-hand/main.ts', import.meta.url), words));
      const { port } = await worker.ask<{ readonly port: number }>({});
      return `http://127.0.0.1:${port}`;
    };
    const issuer = issuerOf(platform);
    const spotsUrl = await start('spots', copies.spots, ...issuer);
    const bookingsUrl = await start('bookings', copies.bookings, ...issuer, spotsUrl);
    const ours = { spotsUrl: platform.url('parking-lot'), bookingsUrl: platform.url('booking'), token, spots };
    return await takeTurns({ ours, byHand: { spotsUrl, bookingsUrl, token, spots } }, plan);
  } finally {
    if (stack === 'external') await clearServers(namespace);
  }
};

const externalStack = (namespace: string): Record<string, string> => ({
  PARKWISE_STACK: 'external',
  PARKWISE_MARIADB_URL: mariadb.url,
  PARKWISE_KAFKA_URL: kafka.url,
  PARKWISE_REDIS_URL: redis.skip ? 'none' : redis.url,
  PARKWISE_NAMESPACE: namespace,
});

const issuerOf = ({ issuerPort }: Platform): readonly [issuer: string, jwks: string] => {
  const issuer = `http://127.0.0.1:${issuerPort}`;
  return [issuer, `${issuer}/.well-known/jwks.json`];
};

const takeTurns = async (sides: Readonly<Record<'ours' | 'byHand', Side>>, plan: Plan): Promise<Measured> => {
  const calls = { ours: callsOf(sides.ours), byHand: callsOf(sides.byHand) };
  const measured: Measured = { search: empty(), quote: empty(), booking: empty() };
  for (const operation of operations) {
    await closedLoop(calls.byHand[operation], plan.warmUpMs);
    await closedLoop(calls.ours[operation], plan.warmUpMs);
  }
  for (let round = 0; round < plan.rounds; round += 1)
    for (const operation of operations)
      // Nobody always comes first.
      for (const side of round % 2 === 0 ? (['ours', 'byHand'] as const) : (['byHand', 'ours'] as const))
        measured[operation][side].push(await closedLoop(calls[side][operation], plan.roundMs));
  return measured;
};

const empty = (): Measured[Operation] => ({ ours: [], byHand: [] });
