import type { OnFeePaid } from '../generated/messages.ts';

/** A fee was paid. */
export const onFeePaid = (): OnFeePaid => async () => {
  throw new Error('src/application/on-fee-paid.ts is not written yet');
};
