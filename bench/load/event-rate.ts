/**
 * Events a second from commit to effect, while a service commits them one by one as fast as it can: outbox, relay, transport,
 * consumer and inbox, a database at each end. On Kafka beside kafkajs by itself, which sends and receives as many events with the same
 * guarantees (idempotent, acknowledged by all), each send awaited, and stores nothing: in sends as large as the relay's of the same
 * round, of one event each, and of 500. And beside the same by hand, with a database at each end.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../figure.ts';
import { RELAY_BATCH } from './events/contract.ts';
import { openBare, openByHand, openOurs, type Round } from './events/pairs.ts';
import { atLeast, noted, skipped, type LoadOptions } from './figures.ts';
import { clearServers, createDatabase, kafka, missing, newNamespace } from './servers.ts';
import { median, medianRatio, rounded } from './statistics.ts';

const ASKED = 0.5;
const NAME = 'events from commit to effect';

const plan = ({ quick }: LoadOptions) =>
  quick
    ? { rounds: 2, warmUp: 200, events: 400, single: 100 }
    : { rounds: 5, warmUp: 1_000, events: 2_000, single: 500 };

const embedded = async (options: LoadOptions): Promise<Figure[]> => {
  const { rounds, warmUp, events } = plan(options);
  const folder = await mkdtemp(join(tmpdir(), 'parkwise-load-'));
  const url = (name: string): string => `sqlite:${join(folder, name)}`;
  try {
    const places = { sales: url('sales'), warehouse: url('warehouse'), events: url('events'), namespace: 'load' };
    await using ours = await openOurs(places);
    await ours.round(warmUp);
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) rates.push((await ours.round(events)).rate);
    return [noted(`${NAME}, embedded`, Math.round(median(rates)), '1/s')];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const external = async (options: LoadOptions): Promise<Figure[]> => {
  const { rounds, warmUp, events, single } = plan(options);
  const namespace = newNamespace();
  const [our, hand, same, one, full]: [Round[], number[], number[], number[], number[]] = [[], [], [], [], []];
  const ones = Array.from({ length: single }, () => 1);
  const batches = Array.from({ length: Math.ceil(events / RELAY_BATCH) }, () => RELAY_BATCH);
  try {
    await using ours = await openOurs({
      sales: await createDatabase(`${namespace}_sales`),
      warehouse: await createDatabase(`${namespace}_warehouse`),
      events: kafka.url,
      namespace,
    });
    const theirs = {
      sales: await createDatabase(`${namespace}_hand_sales`),
      warehouse: await createDatabase(`${namespace}_hand_warehouse`),
      events: kafka.url,
      namespace,
    };
    await using byHand = await openByHand(theirs, `${namespace}.hand`);
    await byHand.round(warmUp);
    await using bare = await openBare(`${namespace}.bare`);
    await bare.round((await ours.round(warmUp)).sizes);
    for (let round = 0; round < rounds; round += 1) {
      const measured = await ours.round(events);
      our.push(measured);
      hand.push((await byHand.round(events)).rate);
      same.push(await bare.round(measured.sizes));
      one.push(await bare.round(ones));
      full.push(await bare.round(batches));
    }
  } finally {
    await clearServers(namespace);
  }
  const rates = our.map(({ rate }) => rate);
  const size = median(our.map(({ sizes }) => events / sizes.length));
  const kafkajs = 'kafkajs without a database, awaited sends';
  return [
    atLeast(`${NAME}, Kafka: to ${kafkajs} as large as the relay's`, rounded(medianRatio(rates, same)), {
      value: ASKED,
      says: '>= 0.5, better 0.8',
    }),
    noted(`${NAME}, Kafka: to ${kafkajs} of one event`, rounded(medianRatio(rates, one)), 'ratio'),
    noted(`${NAME}, Kafka: to ${kafkajs} of ${RELAY_BATCH} (batched)`, rounded(medianRatio(rates, full), 3), 'ratio'),
    noted(
      `${NAME}, Kafka: to the same by hand (kafkajs, mysql2, one relay)`,
      rounded(medianRatio(rates, hand)),
      'ratio',
    ),
    noted(`${NAME}, Kafka, by hand`, Math.round(median(hand)), '1/s'),
    noted(`${NAME}, Kafka`, Math.round(median(rates)), '1/s'),
    noted('events in one send of the relay, mean', rounded(size, 1), 'events'),
    noted(`${kafkajs} as large as the relay's`, Math.round(median(same)), '1/s'),
    noted(`${kafkajs} of one event`, Math.round(median(one)), '1/s'),
    noted(`${kafkajs} of ${RELAY_BATCH} (batched)`, Math.round(median(full)), '1/s'),
  ];
};

export const run = async (options: LoadOptions): Promise<Figure[]> => {
  const here = await embedded(options);
  if (missing) return [...here, skipped(`${NAME}, Kafka`, missing)];
  return [...here, ...(await external(options))];
};
