import { setImmediate as turn } from 'node:timers/promises';
import type { LogFile, LogRow } from './log-file.ts';

/** Few enough that nobody waits noticeably for the write lock. */
const STEP = 500;

/** Of what a compacted partition held: so much has to be new before it is gone through again. */
const DIRTY_SHARE = 0.1;

interface Partition {
  readonly topic: number;
  readonly partition: number;
  /** Position of the next record. */
  readonly next: number;
  readonly compact: boolean;
  /** Milliseconds; below 0: for ever. Undefined: as the log says. */
  readonly retentionMs: number | undefined;
}

interface Compacted {
  /** Positions before this have been gone through. */
  readonly next: number;
  readonly kept: number;
}

/**
 * Deletes records past their topic's retention, and those that a later one of the same key replaces in a compacted topic. What is to go
 * is looked for without the write lock, partition by partition: others go on meanwhile, however long the log is.
 *
 * @returns purges the log as of `now`, and says how many records are gone
 */
export function logPurge(file: LogFile, retentionMs: number): (now: number) => Promise<number> {
  const compacted = new Map<string, Compacted>();

  const remove = (rows: readonly LogRow[]): Promise<number> =>
    file.write(() =>
      file.change(
        'DELETE FROM records WHERE id IN (SELECT value FROM json_each(?))',
        JSON.stringify(rows.map(({ id }) => id)),
      ),
    );

  /** The oldest come first, so that the rest need not be looked at. */
  const expire = async ({ topic, partition }: Partition, before: number): Promise<number> => {
    for (let total = 0; ;) {
      const oldest = await file.read(
        `SELECT id, recorded_at FROM records WHERE topic = ? AND partition = ? ORDER BY position LIMIT ${STEP}`,
        topic,
        partition,
      );
      const young = oldest.findIndex((row) => Number(row['recorded_at']) >= before);
      const old = young < 0 ? oldest : oldest.slice(0, young);
      if (old.length > 0) total += await remove(old);
      if (old.length < STEP) return total;
      await turn();
    }
  };

  const compact = async ({ topic, partition, next }: Partition): Promise<number> => {
    const place = `${topic}/${partition}`;
    const last = compacted.get(place);
    if (last && next - last.next < Math.max(1, last.kept * DIRTY_SHARE)) return 0;
    const replaced = await file.read(
      `SELECT id FROM (
         SELECT id, row_number() OVER (PARTITION BY key ORDER BY position DESC) AS age
         FROM records WHERE topic = ? AND partition = ? AND key IS NOT NULL)
       WHERE age > 1`,
      topic,
      partition,
    );
    for (let start = 0; start < replaced.length; start += STEP) {
      await remove(replaced.slice(start, start + STEP));
      await turn();
    }
    const [left] = await file.read(
      'SELECT count(*) AS kept FROM records WHERE topic = ? AND partition = ?',
      topic,
      partition,
    );
    compacted.set(place, { next, kept: Number(left?.['kept'] ?? 0) });
    return replaced.length;
  };

  return async (now) => {
    let total = 0;
    for (const one of await partitionsOf(file)) {
      const kept = one.retentionMs ?? retentionMs;
      if (one.compact) total += await compact(one);
      else if (kept >= 0) total += await expire(one, now - kept);
      await turn();
    }
    return total;
  };
}

const partitionsOf = async (file: LogFile): Promise<readonly Partition[]> => {
  const rows = await file.read(
    'SELECT p.topic, p.partition, p.next, t.compact, t.retention_ms FROM partitions p JOIN topics t ON t.id = p.topic',
  );
  return rows.map((row) => ({
    topic: Number(row['topic']),
    partition: Number(row['partition']),
    next: Number(row['next']),
    compact: Number(row['compact']) === 1,
    retentionMs: row['retention_ms'] === null ? undefined : Number(row['retention_ms']),
  }));
};
