import type { IncomingRecord } from '@parkwise/runtime/platform';
import type { Fault } from './frame/fault.ts';
import { TOPIC } from './tally/contract.ts';
import { eventually } from './tally/count-records.ts';
import { counters } from './tally/tables.ts';
import { openWorld } from './world/open-world.ts';

const RELAYS = 4;

/** Several processes send what all of them write: each key has to come out in the order in which it was committed. */
export const fault: Fault = {
  name: 'order',
  summary:
    'four processes write and relay the same outbox, and are killed all the time: nothing lost, each key in order',
  seconds: { reduced: 120, full: 400 },
  saboteurs: {
    'relay-claims-rows': { breaks: 'a relay takes rows for itself instead of the shard they are in' },
    'relay-id-cursor': {
      breaks: 'a relay goes by the last id it has sent',
      only: { stack: 'external', because: 'with one writer at a time, ids become visible in their order' },
    },
  },
  async run(run) {
    const size = run.full ? { counters: 200, steps: 40, kills: 240 } : { counters: 10, steps: 70, kills: 6 };
    await using world = await openWorld(run, {
      services: { tally: RELAYS },
      envOf: {
        tally: {
          TALLY_COUNTERS: String(size.counters),
          TALLY_STEPS: String(size.steps),
          ...(run.full ? {} : { PARKWISE_RELAY_LEASE: 'PT5S' }),
        },
      },
    });
    const database = await world.stores.database('tally');
    const unpublished = async (): Promise<number> =>
      Number((await database.knex('parkwise_outbox').whereNull('published_at').count({ n: '*' }))[0]?.['n']);
    const goal = size.counters * size.steps;
    const stepsTaken = async (): Promise<number> =>
      (await counters.find(database, {})).reduce((sum, { version }) => sum + version, 0);
    let landed = 0;
    const starting: Promise<void>[] = [];
    for (let kill = 1; kill <= size.kills; kill += 1) {
      // Spread over the whole of the work.
      await eventually(async () => (await stepsTaken()) >= (goal * kill) / (size.kills + 2), 30_000);
      const ready = world.instances('tally').filter((one) => one.ready);
      const victim = ready[Math.floor(run.random() * ready.length)];
      await victim?.kill();
      if ((await unpublished()) > 0) landed += 1;
      // The others go on meanwhile.
      if (victim) starting.push(victim.start());
    }
    await Promise.all(starting);
    await eventually(
      async () => (await stepsTaken()) >= goal && (await unpublished()) === 0,
      run.sabotage ? 10_000 : 60_000,
    );
    const records = await (await world.stores.broker()).read(world.topic(TOPIC));
    const { lost, disordered, again } = judge(records, await counters.find(database, {}));
    run.note(`${records.length} records, ${again} of them sent again after a kill`);
    run.need('the counters got through', (await stepsTaken()) >= goal * 0.9);
    run.expect('each committed step was sent', lost === 0);
    run.expect('no key is out of order', disordered === 0);
    return {
      tried: `${goal} events of ${size.counters} keys by ${RELAYS} relays, ${size.kills} kills`,
      landed: { count: landed, of: size.kills, where: 'while something was committed and not sent' },
      lost: lost + disordered,
    };
  },
};

const judge = (
  records: readonly IncomingRecord[],
  rows: readonly { readonly id: string; readonly version: number }[],
) => {
  const byKey = Map.groupBy(records, ({ key }) => key);
  let lost = 0;
  let disordered = 0;
  let again = 0;
  for (const { id, version } of rows) {
    const values = (byKey.get(id) ?? []).map(({ value }) => (JSON.parse(value) as { sequence: number }).sequence);
    const first = [...new Set(values)];
    again += values.length - first.length;
    lost += version - first.length;
    if (first.some((value, index) => index > 0 && value < (first[index - 1] ?? 0))) disordered += 1;
  }
  return { lost, disordered, again };
};
