import type { IncomingRecord, OutgoingRecord } from '@parkwise/runtime/platform';
import type { Fault } from './frame/fault.ts';
import { PARTITIONS, TOPIC } from './tally/contract.ts';
import { countRecord, deadLetters, effectsByEvent, eventually, sendAll, tallyGroup } from './tally/count-records.ts';
import { openWorld } from './world/open-world.ts';

const HEADERS = [
  'x-original-topic',
  'x-original-partition',
  'x-original-offset',
  'x-original-timestamp',
  'x-consumer-group',
  'x-attempt',
  'x-error-class',
  'x-error-message',
  'x-event-id',
  'traceparent',
];

/** What cannot be handled must neither stop the others nor be lost: it waits among the dead letters until somebody mends the cause. */
export const fault: Fault = {
  name: 'poison',
  summary:
    '100 poison messages in 10,000: all in the dead letters with all headers, the others handled; a replay has one effect each',
  seconds: { reduced: 120, full: 400 },
  saboteurs: {
    'dead-letters-off': { breaks: 'what cannot be handled is dropped' },
    'inbox-off': { breaks: 'nothing remembers what was handled' },
  },
  async run(run) {
    const size = run.full ? { messages: 10_000, poison: 100 } : { messages: 400, poison: 20 };
    const invalid = size.poison / 5;
    const refused = size.poison - invalid;
    await using world = await openWorld(run, { services: { tally: 1 }, envOf: { tally: { TALLY_SINK: 'yes' } } });
    const broker = await world.stores.broker();
    const topic = world.topic(TOPIC);
    await broker.createTopic(topic, PARTITIONS);
    const every = size.messages / size.poison;
    const records = Array.from({ length: size.messages }, (_, index): OutgoingRecord => {
      const isPoison = index % every === 0;
      const record = countRecord(world, { counter: `c-${index % 50}`, value: isPoison ? -index - 1 : index + 1 });
      // Some fail their schema, some are no JSON at all; most are fine and yet cannot be handled.
      if (!isPoison || index / every >= invalid) return record;
      return {
        ...record,
        value: (index / every) % 2 === 0 ? '{"id"' : record.value.replace(/"value":-?\d+/, '"value":"many"'),
      };
    });
    await sendAll(world, records);
    const dead = async (): Promise<readonly IncomingRecord[]> => broker.read(deadLetters(world));
    const good = size.messages - size.poison;
    const group = tallyGroup(world);
    await eventually(async () => (await broker.waiting(group, [topic])) === 0, 120_000);
    await eventually(async () => (await dead()).length >= size.poison, run.sabotage ? 3_000 : 30_000);
    const letters = await dead();
    const complete = letters.filter(({ headers }) => HEADERS.every((name) => headers[name]));
    const handled = await effectsByEvent(world);
    run.expect(
      `${good} others were handled, once`,
      handled.size === good && [...handled.values()].every((n) => n === 1),
    );
    run.expect(`${size.poison} are in the dead letters (${letters.length})`, letters.length === size.poison);
    run.expect(`with all ${HEADERS.length} headers (${complete.length})`, complete.length === letters.length);

    // Somebody mends the handler, and replays all of them; twice, by mistake.
    await world.service('tally').stop();
    const mended = await world.add('tally', { TALLY_MENDED: 'true' });
    await mended.start();
    for (let replay = 0; replay < 2; replay += 1)
      await sendAll(
        world,
        letters.map(({ key, headers, value }) => ({ topic, ...(key === undefined ? {} : { key }), headers, value })),
      );
    const whole = good + refused;
    await eventually(async () => (await broker.waiting(group, [topic])) === 0, 60_000);
    await eventually(async () => (await effectsByEvent(world)).size >= whole, run.sabotage ? 2_000 : 30_000);
    const after = await effectsByEvent(world);
    const twice = [...after.values()].filter((count) => count > 1).length;
    run.expect(
      `after the replay ${whole} were handled (${after.size}), ${twice} of them twice`,
      after.size === whole && twice === 0,
    );
    const back = await dead();
    run.expect(
      `what never can be handled is back among the dead letters (${back.length - letters.length})`,
      back.length === letters.length + 2 * invalid,
    );
    return {
      tried: `${size.poison} poison messages among ${size.messages}, ${invalid} of them invalid; replayed twice`,
      lost: Math.max(0, size.poison - letters.length) + Math.abs(whole - after.size) + twice,
    };
  },
};
