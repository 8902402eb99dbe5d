/** Pairs of processes between which events go: ours, the same by hand, and kafkajs by itself. */
import { startWorker } from '../worker.ts';
import { kafkaClient } from '../servers.ts';
import { PARTITIONS } from './contract.ts';
import type { Sent } from './bare-sender.ts';
import type { Sold } from './sales.ts';
import type { Handled } from './warehouse.ts';

export interface Places {
  readonly sales: string;
  readonly warehouse: string;
  readonly events: string;
  readonly namespace: string;
}

const file = (name: string): URL => new URL(`./${name}.ts`, import.meta.url);

export interface Round {
  /** Events a second, from the first commit to the last effect. */
  readonly rate: number;
  readonly sizes: readonly number[];
  /** Milliseconds from the first commit to the last one, to the last acknowledgement of the broker, to the last effect. */
  readonly committed: number;
  readonly acknowledged: number;
  readonly effected: number;
}

/** Commit, outbox, relay, transport, consumer, inbox and effect. */
export const openOurs = ({ sales, warehouse, events, namespace }: Places) =>
  openPair(
    { name: 'sales', args: [sales, events, namespace] },
    { name: 'warehouse', args: [warehouse, events, namespace] },
  );

/** The same by hand, with kafkajs and mysql2. */
export const openByHand = async ({ sales, warehouse }: Places, name: string) => {
  await createTopic(name);
  return openPair(
    { name: 'by-hand-sender', args: [sales, name] },
    { name: 'by-hand', args: [warehouse, name, `${name}.group`, String(PARTITIONS)] },
  );
};

interface Service {
  readonly name: string;
  readonly args: readonly string[];
}

const openPair = async (sells: Service, handles: Service) => {
  const opened = new AsyncDisposableStack();
  const receiver = opened.use(await startWorker(file(handles.name), handles.args));
  const sender = opened.use(await startWorker(file(sells.name), sells.args));
  await receiver.ask({ start: true });
  return {
    async round(count: number): Promise<Round> {
      await receiver.ask({ expect: count });
      const effects = receiver.ask<Handled>({ wait: true });
      const { firstCommit, lastCommit, lastAcknowledged, sizes } = await sender.ask<Sold>({ count });
      const { lastEffect } = await effects;
      return {
        rate: (count * 1_000) / (lastEffect - firstCommit),
        sizes,
        committed: lastCommit - firstCommit,
        acknowledged: lastAcknowledged - firstCommit,
        effected: lastEffect - firstCommit,
      };
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
};

const createTopic = async (topic: string): Promise<void> => {
  const admin = kafkaClient().admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
  await admin.disconnect();
};

/** Send and receive alone. */
export const openBare = async (topic: string) => {
  const opened = new AsyncDisposableStack();
  await createTopic(topic);
  const receiver = opened.use(await startWorker(file('bare-receiver'), [topic, `${topic}.group`, String(PARTITIONS)]));
  const sender = opened.use(await startWorker(file('bare-sender'), [topic]));
  return {
    /** Events a second, when sends of these sizes are awaited one after another. */
    async round(sizes: readonly number[]): Promise<number> {
      const count = sizes.reduce((sum, size) => sum + size, 0);
      await receiver.ask({ expect: count });
      const effects = receiver.ask<Handled>({ wait: true });
      const { firstSend } = await sender.ask<Sent>({ sizes });
      const { lastEffect } = await effects;
      return (count * 1_000) / (lastEffect - firstSend);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
};
