import type { IncomingRecord, SubscriptionSettings } from './event-bus.ts';

export interface HandedOver {
  /** Those that are not done, in order: they come again. */
  readonly left: readonly IncomingRecord[];
  /** Of those that are not to be handled yet: when the first of them is. */
  readonly pauseUntil?: Date;
  /** Why handling the first of those that have failed did. */
  readonly failure?: { readonly error: unknown; readonly record: IncomingRecord };
}

/** Hands over records of one partition, in order, and waits for all of them. */
export async function handOver(
  { handle }: SubscriptionSettings,
  records: readonly IncomingRecord[],
  { signal, goesOn }: { readonly signal: AbortSignal; readonly goesOn: () => boolean },
): Promise<HandedOver> {
  const outcomes = await Promise.allSettled(records.map(async (record) => handle(record, signal, goesOn)));
  const left: IncomingRecord[] = [];
  let pauseUntil: Date | undefined;
  let failure: HandedOver['failure'];
  for (const [index, record] of records.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'rejected') failure ??= { error: outcome.reason, record };
    else if (outcome?.value) pauseUntil = earlier(pauseUntil, outcome.value.pauseUntil);
    else continue;
    left.push(record);
  }
  return { left, ...(pauseUntil && { pauseUntil }), ...(failure && { failure }) };
}

const earlier = (one: Date | undefined, other: Date): Date => (one && one < other ? one : other);
