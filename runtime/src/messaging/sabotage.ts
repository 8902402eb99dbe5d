/**
 * Faults that the reliability tests switch on to see themselves fail. They break promises of this runtime on purpose: honoured in
 * development mode alone, where the environment variable PARKWISE_SABOTAGE lists them, separated by commas.
 */

/**
 * `publish-after-commit`: messages are sent after the commit instead of going through the outbox. `ack-before-handler`: the offset
 * is committed before the handler runs. `inbox-off`: a message that comes twice is handled twice.
 */
export const FAULTS = ['publish-after-commit', 'ack-before-handler', 'inbox-off'] as const;

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
