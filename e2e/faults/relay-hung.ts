import { join } from 'node:path';
import type { Fault } from './frame/fault.ts';
import { prove } from './history/prove.ts';
import { startDrivers } from './load/start-drivers.ts';
import { eventually } from './tally/count-records.ts';
import { isLocked } from './world/locked-file.ts';
import { openWorld, type World } from './world/open-world.ts';
import type { ServiceProcess } from './world/service-process.ts';

const LEASE_MS = 2_000;
/** The lease, the interval in which it is looked at, and what a busy machine needs. */
const BOUND_MS = LEASE_MS + 5_000;
const SHARDS = 16;

/**
 * The bound: what a process that hangs has taken is sent by another one PARKWISE_RELAY_LEASE (15 s by default, 2 s here) later. When it
 * goes on again, it must not do harm with what it believes to hold.
 */
export const fault: Fault = {
  name: 'relay-hung',
  summary:
    'SIGSTOP of one of two processes while it holds the shards of the outbox: the other takes over after the lease, in order',
  seconds: { reduced: 120, full: 240 },
  saboteurs: { 'endless-lease': { breaks: 'shards are held for an hour', env: { PARKWISE_RELAY_LEASE: 'PT1H' } } },
  async run(run) {
    const rounds = run.full ? 10 : run.sabotage ? 1 : 2;
    await using world = await openWorld(run, {
      services: { 'parking-lot': 1, booking: 2 },
      envOf: { booking: { PARKWISE_RELAY_LEASE: `PT${LEASE_MS / 1000}S` } },
    });
    const [one, other] = world.instances('booking');
    if (!one || !other) throw new Error('there are two');
    let reached: readonly ServiceProcess[] = [one, other];
    const drivers = await startDrivers({
      world,
      file: join(world.folder, 'history.jsonl'),
      random: run.random,
      through: () => reached,
      pauseMs: 10,
      // Who has asked the one that hangs gets no answer.
      patienceMs: 3_000,
    });
    let landed = 0;
    let slowestMs = 0;
    for (let round = 0; round < rounds; round += 1) {
      await drivers.made(4);
      const hung = await pauseHolder(world, [one, other]);
      if (hung) landed += 1;
      const paused = hung ?? one;
      if (!hung) paused.pause();
      // As a load balancer does it: what does not answer gets no requests.
      reached = [paused === one ? other : one];
      await drivers.made(4);
      const waiting = await unpublished(world);
      const startedAt = performance.now();
      const sent = await eventually(async () => waiting.isDisjointFrom(await unpublished(world)), BOUND_MS + 2_000);
      slowestMs = Math.max(slowestMs, sent ? performance.now() - startedAt : Infinity);
      paused.resume();
      reached = [one, other];
    }
    await drivers.made(4);
    await drivers.stop();
    run.expect(
      `the other sends what is waiting within ${BOUND_MS} ms (${slowestMs.toFixed(0)} ms)`,
      slowestMs < BOUND_MS,
    );
    const { violations } = await prove({ world, run, file: drivers.file });
    return {
      tried: `${rounds} times one of two relays stopped by SIGSTOP, under 6 drivers`,
      landed: { count: landed, of: rounds, where: 'while it held shards' },
      lost: violations.length,
    };
  },
};

/** What is in the outbox now and not sent. */
const unpublished = async ({ stores }: World): Promise<ReadonlySet<number>> => {
  const { knex } = await stores.database('booking');
  const rows: { readonly id: number }[] = await knex('parkwise_outbox').whereNull('published_at').select('id');
  return new Set(rows.map(({ id }) => id));
};

/** Stops one of them at a moment in which it holds shards. @returns which one; undefined if none was caught. */
const pauseHolder = async (world: World, pair: readonly ServiceProcess[]): Promise<ServiceProcess | undefined> => {
  for (let tries = 0; tries < 100; tries += 1) {
    for (const one of pair) {
      one.pause();
      if (await holdsShards(world, one)) return one;
      one.resume();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  return undefined;
};

/** What it would keep locked for other reasons is left out: that is another fault. */
const holdsShards = async ({ stores }: World, { pid }: ServiceProcess): Promise<boolean> => {
  const database = await stores.database('booking');
  if (database.dialect.name === 'sqlite') {
    // Stopped in the middle of a write it keeps a file locked against everybody, which ends with the process alone.
    if (isLocked(stores.databaseUrl('booking')) || isLocked(stores.eventsUrl)) return false;
    const rows: { readonly owner: string | null }[] = await database.knex('parkwise_outbox_shards').select('owner');
    return rows.some(({ owner }) => owner?.split(' ')[1] === String(pid));
  }
  // Locks of the other one are gone in a moment, those of who is stopped are not.
  for (let look = 0; look < 5; look += 1) {
    const free = await database.transaction(async ({ knex }) =>
      knex('parkwise_outbox_shards').select('shard').forUpdate().skipLocked(),
    );
    if (free.length === SHARDS) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
};
