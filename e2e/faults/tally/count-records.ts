/** The messages of the tally service, made and read beside it. */
import { randomUUID } from 'node:crypto';
import type { OutgoingRecord } from '@parkwise/runtime/platform';
import type { World } from '../world/open-world.ts';
import { GROUP, TOPIC } from './contract.ts';
import { effects } from './tables.ts';

export interface Told {
  readonly counter: string;
  readonly value: number;
}

/** A message as the source sends it. */
export const countRecord = (world: World, { counter, value }: Told): OutgoingRecord => {
  const id = randomUUID();
  return {
    topic: world.topic(TOPIC),
    key: counter,
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_type: 'Counted',
      ce_source: 'tally',
      traceparent: `00-${id.replaceAll('-', '')}-00f067aa0ba902b7-01`,
    },
    value: JSON.stringify({
      id,
      type: 'Counted',
      version: 1,
      time: new Date().toISOString(),
      key: counter,
      sequence: Math.abs(value),
      data: { counter, value },
    }),
  };
};

export const tallyGroup = (world: World): string => `${world.stores.namespace}.${GROUP}`;
export const deadLetters = (world: World): string => `${world.topic(TOPIC)}.${GROUP}.dlt`;

/** How often each event had its effect. */
export const effectsByEvent = async (world: World): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  for (const { eventId } of await effects.find(await world.stores.database('tally'), {}))
    counts.set(eventId, (counts.get(eventId) ?? 0) + 1);
  return counts;
};

/** Resolves when the look is true, or after so long: then what is missing is missing. @returns whether it became true. */
export const eventually = async (look: () => Promise<boolean>, deadlineMs: number): Promise<boolean> => {
  for (const end = performance.now() + deadlineMs; performance.now() < end;) {
    if (await look()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return look();
};

/** In chunks that every broker takes. */
export const sendAll = async (world: World, records: readonly OutgoingRecord[]): Promise<void> => {
  const broker = await world.stores.broker();
  for (let from = 0; from < records.length; from += 500) await broker.send(records.slice(from, from + 500));
};
