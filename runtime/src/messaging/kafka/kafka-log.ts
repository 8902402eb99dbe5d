import type { Log } from '../../process/service-definition.ts';

interface Entry {
  readonly namespace: string;
  readonly label: string;
  readonly log: { readonly message: string; readonly [field: string]: unknown };
}

/**
 * What kafkajs reports as errors and is part of every start, rebalance or stop: a coordinator that is still loading, a group that
 * shares out its partitions anew, retries of our own. What comes of it is logged where it is known.
 */
const ORDINARY: readonly RegExp[] = [
  /coordinator is (loading|not available)|is loading hence can't process requests/i,
  /not the (correct )?coordinator|group is rebalancing|coordinator is not aware of this member/i,
  /rebalance|re-joining|unknown member|member id/i,
  /limiting retries for the idempotent producer/i,
  /^Crash: |Restarting the consumer|Error when calling eachBatch/,
  /does not host this topic-partition|leadership election|no leader for this topic-partition/i,
];

/** One line per text within this time; the next one says how many there were. */
const QUIET_MS = 30_000;

/** The log of kafkajs through ours: its fields are thinned out, and what it repeats during an outage is said now and then. */
export function kafkaLog(log: Log | undefined, now: () => number = Date.now): () => (entry: Entry) => void {
  const said = new Map<string, { at: number; repeats: number }>();
  return () =>
    ({ namespace, label, log: entry }) => {
      if (!log) return;
      const text = namespace ? `kafka ${namespace}: ${entry.message}` : `kafka: ${entry.message}`;
      const group = typeof entry['groupId'] === 'string' ? { group: entry['groupId'] } : {};
      const fields = { ...group, ...(typeof entry['broker'] === 'string' ? { host: entry['broker'] } : {}) };
      const warns = label === 'ERROR' || label === 'WARN';
      if (!warns || ORDINARY.some((pattern) => pattern.test(entry.message))) {
        log.debug(fields, text);
        return;
      }
      const last = said.get(text);
      if (last && now() - last.at < QUIET_MS) {
        last.repeats += 1;
        return;
      }
      said.set(text, { at: now(), repeats: 0 });
      if (said.size > 200) said.clear();
      log.warn({ ...fields, ...(last && last.repeats > 0 ? { repeatCount: last.repeats } : {}) }, text);
    };
}
