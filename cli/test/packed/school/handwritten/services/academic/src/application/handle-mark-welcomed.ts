import type { HandleMarkWelcomed } from '../generated/messages.ts';
import type { Enrollments } from './ports.ts';

export const handleMarkWelcomed =
  ({ enrollments }: { enrollments: Enrollments }): HandleMarkWelcomed =>
  ({ payload }, { commit }) =>
    commit((tx) => enrollments.markWelcomed(tx, payload.enrollmentId));
