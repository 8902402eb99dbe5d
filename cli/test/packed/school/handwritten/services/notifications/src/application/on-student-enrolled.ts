import type { OnStudentEnrolled } from '../generated/messages.ts';
import type { Academic } from './ports.ts';

export const onStudentEnrolled =
  ({ academic }: { academic: Academic }): OnStudentEnrolled =>
  ({ payload }, { commit }) =>
    commit((tx) => academic.markWelcomed(tx, payload.enrollmentId));
