import type { Fault } from './frame/fault.ts';
import { PARTITIONS, TOPIC } from './tally/contract.ts';
import { countRecord, effectsByEvent, eventually, sendAll, tallyGroup } from './tally/count-records.ts';
import { openWorld } from './world/open-world.ts';

const COPIES = 3;
const FAIL_PERCENT = 10;

/** At least once is what every broker promises; the inbox makes one effect of it. */
export const fault: Fault = {
  name: 'duplicates',
  summary:
    'every message three times, shuffled, 10 % of the tries fail before or after their commit, consumers killed: one effect each',
  seconds: { reduced: 120, full: 400 },
  saboteurs: {
    'inbox-off': { breaks: 'nothing remembers what was handled' },
  },
  async run(run) {
    const size = run.full ? { messages: 3_000, kills: 60 } : { messages: 150, kills: 3 };
    await using world = await openWorld(run, {
      services: { tally: 2 },
      envOf: { tally: { TALLY_SINK: 'yes', TALLY_PATIENT: 'yes', TALLY_FAIL_PERCENT: String(FAIL_PERCENT) } },
    });
    const broker = await world.stores.broker();
    const topic = world.topic(TOPIC);
    await broker.createTopic(topic, PARTITIONS);
    const messages = Array.from({ length: size.messages }, (_, index) =>
      countRecord(world, { counter: `c-${index % 50}`, value: index + 1 }),
    );
    const copies = Array.from({ length: COPIES }, () => messages)
      .flat()
      .map((record) => ({ record, at: run.random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ record }) => record);
    await sendAll(world, copies);
    let landed = 0;
    const group = tallyGroup(world);
    for (let kill = 1; kill <= size.kills; kill += 1) {
      const goal = (copies.length * (size.kills - kill + 1)) / (size.kills + 1);
      await eventually(async () => (await broker.waiting(group, [topic])) <= goal, 30_000);
      const victim = world.instances('tally')[kill % 2];
      await victim?.kill();
      if ((await broker.waiting(group, [topic])) > 0) landed += 1;
      await victim?.start();
    }
    // All copies taken, and what has failed was tried again until it succeeded.
    await eventually(async () => (await broker.waiting(group, [topic])) === 0, 60_000);
    await eventually(async () => (await effectsByEvent(world)).size >= size.messages, run.sabotage ? 2_000 : 30_000);
    const counts = await effectsByEvent(world);
    const missing = size.messages - counts.size;
    const doubled = [...counts.values()].filter((count) => count > 1).length;
    run.expect(`each of ${size.messages} messages had its effect`, missing === 0);
    run.expect('none had it twice', doubled === 0);
    return {
      tried: `${copies.length} records of ${size.messages} messages, ${FAIL_PERCENT} % failing, ${size.kills} kills of two consumers`,
      landed: { count: landed, of: size.kills, where: 'while messages were being handled' },
      lost: missing + doubled,
    };
  },
};
