import type { Tx } from '@parkwise/runtime';

export interface Enrollment {
  readonly enrollmentId: string;
  readonly studentUserId: string;
  readonly sectionId: string;
  readonly academicYear: number;
  readonly welcomed: boolean;
}

export interface Enrollments {
  add(tx: Tx, enrollment: Enrollment): Promise<'added' | 'already-enrolled'>;
  byId(enrollmentId: string): Promise<Enrollment | undefined>;
  markWelcomed(tx: Tx, enrollmentId: string): Promise<void>;
}
