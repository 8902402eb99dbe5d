/**
 * Faults that the reliability tests switch on to see themselves fail. They break promises of this runtime on purpose: honoured in
 * development mode alone, where the environment variable PARKWISE_SABOTAGE lists them, separated by commas.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * `publish-after-commit`: messages are sent after the commit instead of going through the outbox. `ack-before-handler`: the offset
 * is committed before the handler runs. `inbox-off`: a message that comes twice is handled twice. `relay-id-cursor`: the relay
 * remembers the last id it has sent instead of what is unpublished. `relay-claims-rows`: it takes rows for itself, whatever their
 * shard. `idempotency-off`: keys of requests are not looked at. `authorization-off`: scopes and roles are not asked for.
 * `dead-letters-off`: what cannot be handled is dropped. `outbox-apart`: messages are written to the outbox in a transaction of their
 * own, after the one they tell of.
 */
export const FAULTS = [
  'publish-after-commit',
  'ack-before-handler',
  'inbox-off',
  'relay-id-cursor',
  'relay-claims-rows',
  'idempotency-off',
  'authorization-off',
  'dead-letters-off',
  'outbox-apart',
] as const;

export type Fault = (typeof FAULTS)[number];

export type Faults = ReadonlySet<Fault>;

export const noFaults: Faults = new Set();

/** @throws Error in production, if any fault is asked for. Names of faults of other parts are left alone. */
export function readFaults(mode: 'development' | 'production', env: NodeJS.ProcessEnv = process.env): Faults {
  const wanted = (env['PARKWISE_SABOTAGE'] ?? '').split(',').map((name) => name.trim());
  if (mode !== 'development' && wanted.some((name) => name !== '')) {
    throw new Error('PARKWISE_SABOTAGE is for fault tests: unset it, or run in development mode');
  }
  return new Set(FAULTS.filter((fault) => wanted.includes(fault)));
}

/**
 * Each fault opens a gap in which a kill loses or doubles something. On one machine it would be too short to be hit: this is how
 * long it lasts.
 */
const GAP_MS = 25;

/** Waits in the gap of a fault that is switched on. */
export async function gapOf(faults: Faults | undefined, fault: Fault): Promise<void> {
  if (faults?.has(fault)) await sleep(GAP_MS);
}
