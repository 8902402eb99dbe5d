/** A service comes back to 100,000 waiting messages: how long until the last of them has had its effect, and whether all have. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../figure.ts';
import { PARTITIONS, topic } from './events/contract.ts';
import { fillTopic } from './events/fill-topic.ts';
import type { Handled } from './events/warehouse.ts';
import { noted, skipped, type LoadOptions } from './figures.ts';
import { clearServers, createDatabase, kafka, missing, newNamespace } from './servers.ts';
import { rounded } from './statistics.ts';
import { now, startWorker } from './worker.ts';

const WAITING = 100_000;
const QUICK = 2_000;
/** Of the peer, which is as fast with the last message as with the first. */
const SHARE = 0.1;

interface CaughtUp {
  readonly seconds: number;
  readonly rate: number;
  readonly lost: number;
}

const measure = async (name: string, args: readonly string[], count: number): Promise<CaughtUp> => {
  await using service = await startWorker(new URL(`./events/${name}.ts`, import.meta.url), args);
  await service.ask({ expect: count });
  const started = now();
  await service.ask({ start: true });
  const { lastEffect, rows } = await service.ask<Handled>({ wait: true });
  const seconds = (lastEffect - started) / 1_000;
  return { seconds, rate: count / seconds, lost: count - rows };
};

const figures = (stack: string, count: number, { seconds, rate, lost }: CaughtUp): Figure[] => [
  noted(
    `catch-up ${stack}: ${count} waiting messages, from the start of the consumer to the last effect`,
    rounded(seconds, 1),
    's',
  ),
  noted(`catch-up ${stack}: messages a second`, Math.round(rate), '1/s'),
  {
    name: `catch-up ${stack}: messages without an effect`,
    value: lost,
    unit: 'messages',
    goal: '= 0',
    holds: lost === 0,
  },
];

const embedded = async (count: number): Promise<Figure[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'parkwise-load-'));
  try {
    const [namespace, events] = [newNamespace(), `sqlite:${join(folder, 'events')}`];
    await fillTopic({ events, namespace }, count);
    return figures(
      'embedded',
      count,
      await measure('warehouse', [`sqlite:${join(folder, 'db')}`, events, namespace], count),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const external = async (count: number): Promise<Figure[]> => {
  const namespace = newNamespace();
  const few = Math.ceil(count * SHARE);
  try {
    const hand = `${namespace}hand`;
    const [ours, theirs] = [await createDatabase(`${namespace}_ours`), await createDatabase(`${namespace}_hand`)];
    await fillTopic({ events: kafka.url, namespace: hand }, few);
    await fillTopic({ events: kafka.url, namespace }, count);
    const physical = `${hand}.${topic.address}`;
    const peer = () => measure('by-hand', [theirs, physical, `${hand}.group`, String(PARTITIONS)], few);
    const byHand = await peer();
    const caughtUp = await measure('warehouse', [ours, kafka.url, namespace], count);
    return [
      ...figures('external', count, caughtUp),
      noted(
        `catch-up external: messages a second by hand (kafkajs, mysql2), of ${few}`,
        Math.round(byHand.rate),
        '1/s',
      ),
      noted('catch-up external: to the same by hand', rounded(caughtUp.rate / byHand.rate), 'ratio'),
    ];
  } finally {
    await clearServers(namespace);
  }
};

export const run = async ({ quick }: LoadOptions): Promise<Figure[]> => {
  const count = quick ? QUICK : WAITING;
  const here = await embedded(count);
  if (missing) return [...here, skipped('catch-up external', missing)];
  return [...here, ...(await external(count))];
};
