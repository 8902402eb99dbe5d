import type { LogFile } from './log-file.ts';

/** Few enough that nobody waits noticeably for the write lock. */
const STEP = 500;

/** Deletes records past their topic's retention, and those that a later one of the same key replaces in a compacted topic. */
export async function purgeLog(file: LogFile, now: number, retentionMs: number): Promise<number> {
  let total = 0;
  for (;;) {
    const gone = await file.write(() =>
      file.change(
        `DELETE FROM records WHERE id IN (
           SELECT r.id FROM records r JOIN topics t ON t.id = r.topic
           WHERE t.compact = 0 AND coalesce(t.retention_ms, 0) >= 0 AND r.recorded_at < ? - coalesce(t.retention_ms, ?) LIMIT ${STEP})`,
        now,
        retentionMs,
      ),
    );
    total += gone;
    if (gone < STEP) break;
  }
  const compacted = await file.write(() =>
    file.change(
      `DELETE FROM records WHERE id IN (
         SELECT r.id FROM records r JOIN topics t ON t.id = r.topic
         WHERE t.compact = 1 AND r.key IS NOT NULL AND EXISTS (
           SELECT 1 FROM records later WHERE later.topic = r.topic AND later.partition = r.partition
           AND later.key = r.key AND later.position > r.position) LIMIT ${STEP})`,
    ),
  );
  return total + compacted;
}
