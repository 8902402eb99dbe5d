import type { UpcastFeePaidV1 } from '../generated/messages.ts';

export const upcastFeePaidV1: UpcastFeePaidV1 = () => {
  throw new Error('src/upcasters/fee-paid-v1.ts is not written yet');
};
