import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultRun } from '../frame/fault.ts';
import type { World } from '../world/open-world.ts';
import { BOOKING_TOPIC } from '../load/payments.ts';
import { checkHistory, type Violation } from './check-history.ts';
import { takeEvidence, type Evidence } from './evidence.ts';
import { readHistory } from './history.ts';
import { onItsWay, settle } from './settle.ts';

export interface Proof {
  readonly violations: readonly Violation[];
  readonly evidence: Evidence;
}

export interface ProofSettings {
  readonly world: World;
  readonly run: FaultRun;
  /** What the clients have written down. */
  readonly file: string;
  /** Time for what is on its way to arrive; then what is missing is missing. */
  readonly settleMs?: number;
  /** How late the end of a hold may be noticed. */
  readonly slackMs?: number;
}

const SHOWN = 5;
/** Twice what anything is kept for somebody who has gone silent (PARKWISE_LEASE, 6 s). */
const QUIET_MS = 12_000;

/** Waits until nothing is on its way any more, then holds what clients were told against what is there, and reports it. */
export const prove = async (settings: ProofSettings): Promise<Proof> => {
  const { world, run, file, settleMs = 20_000, slackMs = 10_000 } = settings;
  const { stores } = world;
  const [booking, parkingLot, broker] = await Promise.all([
    stores.database('booking'),
    stores.database('parking-lot'),
    stores.broker(),
  ]);
  const bookings = world.topic(BOOKING_TOPIC);
  // Whoever waits for what a saboteur has lost waits in vain.
  const settled = await settle({
    look: () => onItsWay(world),
    limitMs: settleMs,
    quietMs: run.sabotage ? QUIET_MS : settleMs,
  });
  const evidence = await takeEvidence({ calls: readHistory(file), booking, parkingLot, broker, topic: bookings });
  const violations = checkHistory(evidence, { slackMs });
  const { calls } = evidence;
  const told = (outcome: string): number => calls.filter((call) => call.told.outcome === outcome).length;
  run.note(
    `${calls.length} calls: ${told('done')} done, ${told('refused')} refused, ${told('unknown')} of unknown outcome; ` +
      `${evidence.bookings.length} bookings, ${evidence.changes.length} changes, ${evidence.events.length} records, settled after ${Math.round(settled)} ms`,
  );
  const kinds = [...Map.groupBy(violations, ({ kind }) => kind)].map(([kind, list]) => `${list.length} ${kind}`);
  run.expect(
    `the history of the clients, the databases and the log agree${kinds.length > 0 ? `: ${kinds.join(', ')}` : ''}`,
    violations.length === 0,
  );
  const left = await onItsWay(world);
  if (violations.length > 0 || left.some((count) => count > 0)) {
    const [payments, unsent, untaken, ...putOff] = left;
    const parked = putOff.reduce((sum, one) => sum + one, 0);
    run.note(`${payments} payments not taken, ${unsent} messages not sent, ${untaken} not taken, ${parked} put off`);
  }
  for (const { kind, text } of violations.slice(0, SHOWN)) run.note(`${kind}: ${text}`);
  if (violations.length > 0 && run.sabotage === undefined) run.note(`the history is kept in ${keep(file)}`);
  return { violations, evidence };
};

const keep = (file: string): string => {
  const folder = join(import.meta.dirname, '../../../.parkwise/faults');
  mkdirSync(folder, { recursive: true });
  const kept = join(folder, `history-${Date.now()}.jsonl`);
  copyFileSync(file, kept);
  return kept;
};
