import type { EventLog, IncomingRecord } from '@parkwise/runtime/platform';
import { UserError } from '../application/user-error.ts';
import type { EventLogPlace } from './event-log-place.ts';
import { onEvents } from './open-events.ts';

export interface TailOptions {
  readonly root: string;
  readonly place: EventLogPlace;
  readonly topic?: string;
  /** All that is kept, and not only the last ones. */
  readonly fromBeginning: boolean;
  /** Goes on with what comes, until the signal is aborted. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  readonly show: (record: ShownRecord) => void;
}

/** A record of the log with its value parsed. */
export interface ShownRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly time: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: unknown;
}

/** Shown of what is there already, unless all is asked for. */
const LAST = 20;

/** Shows what stands in the event log, of one topic or of all. */
export const tailEvents = async (options: TailOptions): Promise<void> => {
  const { topic, fromBeginning, follow, signal, show } = options;
  const { namespace } = options.place;
  const work = async (log: EventLog): Promise<void> => {
    const topics = topic === undefined ? undefined : [await knownTopic(log, topic, namespace)];
    const names = topics ?? (await ownTopics(log, namespace));
    if (follow) {
      const from = fromBeginning ? 'beginning' : 'end';
      // Without a namespace, topics that come later belong to it, too.
      const of = topics ?? (namespace ? names : undefined);
      for await (const record of log.tail({ from, ...(of && { topics: of }) }, signal)) show(shown(record));
      return;
    }
    const records = (await Promise.all(names.map((name) => log.read(name, Number.MAX_SAFE_INTEGER)))).flat();
    const ordered = records.toSorted((a, b) => a.timestamp.getTime() - b.timestamp.getTime());
    for (const record of fromBeginning ? ordered : ordered.slice(-LAST)) show(shown(record));
  };
  await onEvents(options, work, { mustExist: true });
};

const ownTopics = async (log: EventLog, namespace: string): Promise<readonly string[]> =>
  (await log.topics()).filter((name) => !namespace || name.startsWith(`${namespace}.`));

const knownTopic = async (log: EventLog, wanted: string, namespace: string): Promise<string> => {
  const topics = await ownTopics(log, namespace);
  const found = topics.find((name) => name === wanted) ?? topics.find((name) => name.endsWith(`.${wanted}`));
  if (found !== undefined) return found;
  throw new UserError({
    code: 'no-topic',
    message: `the log has no topic ${wanted}`,
    nextSteps: [`There are: ${topics.toSorted().join(', ') || 'none'}.`],
    exitCode: 1,
  });
};

const shown = ({ topic, partition, offset, key, timestamp, headers, value }: IncomingRecord): ShownRecord => ({
  topic,
  partition,
  offset,
  key: key ?? null,
  time: timestamp.toISOString(),
  headers,
  value: parsed(value),
});

const parsed = (value: string): unknown => {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value; // not every topic holds JSON
  }
};

/** A record as one line for people. */
export const showRecord = ({ topic, partition, offset, key, time, headers, value }: ShownRecord): string =>
  `${time} ${topic}[${partition}]@${offset} ${key ?? '–'} ${headers['ce_type'] ?? ''} ${JSON.stringify(value)}`;
