import type { HandleEnrolStudent } from '../generated/messages.ts';

/** Enrol a student. */
export const handleEnrolStudent = (): HandleEnrolStudent => async () => {
  throw new Error('src/application/handle-enrol-student.ts is not written yet');
};
