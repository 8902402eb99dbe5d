import type { Clock } from '../process/service-definition.ts';
import { Bell } from './embedded/bell.ts';
import { GroupMember } from './embedded/group-member.ts';
import { LogFile, type LogRow } from './embedded/log-file.ts';
import { LogTopics, type LogTopic } from './embedded/log-topics.ts';
import { logPurge } from './embedded/retention.ts';
import { RecordRefusedError, type EventLog, type IncomingRecord } from './event-bus.ts';
import { endProcess } from './end-process.ts';
import { hashOf } from './hash.ts';
import { bytesAlone } from './record-size.ts';

export interface EmbeddedLogOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
  /** A reader looks by itself this often, in case a ring was missed. 1 s. */
  readonly fallbackMs?: number;
  /** How long a member that has gone silent keeps its partitions (one whose process is dead loses them at once). 10 s. */
  readonly leaseMs?: number;
  readonly heartbeatMs?: number;
  /** How long to wait for other processes' locks. 30 s. */
  readonly lockWaitMs?: number;
  /** For topics that do not say it. 7 days. */
  readonly retentionMs?: number;
  readonly purgeEveryMs?: number;
  /** A subscription can never receive again. Ends the process by default: a supervisor starts it anew. */
  readonly onCrash?: (error: Error) => void;
}

/** The embedded transport, with what its tests want to see of it. */
export interface EmbeddedLog extends EventLog {
  /** Deletes what is past its retention. Happens by itself while there are subscriptions. */
  purge(): Promise<number>;
}

const COLUMNS = 'id, topic, partition, position, recorded_at, key, headers, value';
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Opens the durable log that services of one machine share: one SQLite file, safe against kill -9 at any point.
 *
 * @param url `sqlite:/absolute/log.sqlite`, or `sqlite::memory:` for one of this process alone that is gone when closed.
 */
export async function openEmbeddedLog(url: string, options: EmbeddedLogOptions = {}): Promise<EmbeddedLog> {
  const { clock = { now: () => new Date() }, fallbackMs = 1_000, leaseMs = 10_000, lockWaitMs = 30_000 } = options;
  const { onCrash = endProcess } = options;
  const { heartbeatMs = leaseMs / 4, retentionMs = 7 * DAY_MS, purgeEveryMs = 60_000 } = options;
  const file = await LogFile.open(url, lockWaitMs);
  const topics = new LogTopics(file);
  const bell = new Bell(`${file.path}.bell`, fallbackMs);
  const members = new Set<GroupMember>();
  const purgeAsOf = logPurge(file, retentionMs);
  const purge = (): Promise<number> => purgeAsOf(clock.now().getTime());
  let purging: NodeJS.Timeout | undefined;
  let spread = 0;

  const toRecord = (topic: LogTopic, row: LogRow): IncomingRecord => ({
    topic: topic.name,
    partition: Number(row['partition']),
    offset: Number(row['position']),
    ...(row['key'] === null ? {} : { key: String(row['key']) }),
    headers: JSON.parse(String(row['headers'])) as Record<string, string>,
    value: String(row['value']),
    timestamp: new Date(Number(row['recorded_at'])),
  });

  const readPartition = async (topic: LogTopic, partition: number, from: number, limit: number) => {
    const rows = await file.read(
      `SELECT ${COLUMNS} FROM records WHERE topic = ? AND partition = ? AND position >= ? ORDER BY position LIMIT ?`,
      topic.id,
      partition,
      from,
      limit,
    );
    return rows.map((row) => toRecord(topic, row));
  };

  const context = { file, bell, clock, leaseMs, heartbeatMs, readPartition, onCrash };

  return {
    async createTopics(wanted) {
      await topics.create(wanted);
    },

    async send(records) {
      if (records.length === 0) return;
      const placed: {
        readonly record: (typeof records)[number];
        readonly topic: LogTopic;
        readonly partition: number;
      }[] = [];
      for (const record of records) {
        const topic = await topics.byName(record.topic);
        const chosen = record.partition ?? (record.key === undefined ? (spread += 1) : hashOf(record.key));
        if (bytesAlone(record) > topic.maxBytes) break;
        placed.push({ record, topic, partition: chosen % topic.partitions });
      }
      await file.write(() => {
        const now = clock.now().getTime();
        for (const { record, topic, partition } of placed) {
          const [row] = file.query(
            `INSERT INTO partitions (topic, partition, next) VALUES (?, ?, 1)
             ON CONFLICT (topic, partition) DO UPDATE SET next = next + 1 RETURNING next`,
            topic.id,
            partition,
          );
          file.change(
            'INSERT INTO records (topic, partition, position, recorded_at, key, headers, value) VALUES (?, ?, ?, ?, ?, ?, ?)',
            topic.id,
            partition,
            Number(row?.['next']) - 1,
            now,
            record.key ?? null,
            JSON.stringify(record.headers),
            record.value,
          );
        }
      });
      bell.ring();
      const refused = records[placed.length];
      if (refused) {
        const bytes = bytesAlone(refused);
        throw new RecordRefusedError(placed.length, `${bytes} bytes are more than ${refused.topic} allows`);
      }
    },

    async subscribe(settings) {
      const wanted = await Promise.all(settings.topics.map((name) => topics.byName(name)));
      const member = new GroupMember(context, settings, wanted);
      await member.start();
      members.add(member);
      purging ??= setInterval(() => void purge().catch(() => undefined), purgeEveryMs); // tried again at the next turn
      return {
        async stop(graceMs) {
          await member.stop(graceMs);
          members.delete(member);
        },
      };
    },

    async topics() {
      return (await topics.load()).map((topic) => topic.name);
    },

    async describeTopics(names) {
      const known = await topics.load();
      return known.filter(({ name }) => names.includes(name)).map(({ settings }) => settings);
    },

    async *tail(wanted, signal) {
      const names = wanted.topics && new Set(wanted.topics);
      const [end] = await file.read('SELECT coalesce(max(id), 0) AS id FROM records');
      let last = wanted.from === 'end' ? Number(end?.['id']) : 0;
      let ring = Promise.withResolvers<void>();
      const unlisten = bell.listen(() => ring.resolve());
      const stop = (): void => ring.resolve();
      signal.addEventListener('abort', stop);
      try {
        while (!signal.aborted) {
          const rows = await file.read(`SELECT ${COLUMNS} FROM records WHERE id > ? ORDER BY id LIMIT 500`, last);
          for (const row of rows) {
            last = Number(row['id']);
            const topic = await topics.byId(Number(row['topic']));
            if (!names || names.has(topic.name)) yield toRecord(topic, row);
          }
          if (rows.length > 0 || signal.aborted) continue;
          await ring.promise;
          ring = Promise.withResolvers();
        }
      } finally {
        unlisten();
        signal.removeEventListener('abort', stop);
      }
    },

    async read(name, limit = 10_000) {
      const topic = await topics.byName(name);
      const rows = await file.read(
        `SELECT ${COLUMNS} FROM records WHERE topic = ? ORDER BY id LIMIT ?`,
        topic.id,
        limit,
      );
      return rows.map((row) => toRecord(topic, row));
    },

    async lag(group) {
      const rows = await file.read(
        `SELECT t.name, a.partition, a.committed, p.next FROM assignments a JOIN topics t ON t.id = a.topic
         JOIN partitions p ON p.topic = a.topic AND p.partition = a.partition WHERE a.group_name = ?`,
        group,
      );
      return rows.map((row) => ({
        topic: String(row['name']),
        partition: Number(row['partition']),
        committed: Number(row['committed']),
        end: Number(row['next']),
      }));
    },

    purge,

    async close() {
      clearInterval(purging);
      await Promise.all([...members].map((member) => member.stop()));
      bell.close();
      file.close();
    },
  };
}
