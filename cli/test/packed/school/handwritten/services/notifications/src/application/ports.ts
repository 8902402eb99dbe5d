import type { Tx } from '@parkwise/runtime';

export interface Academic {
  markWelcomed(tx: Tx, enrollmentId: string): Promise<void>;
}
