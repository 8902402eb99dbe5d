import type { Sql } from '@parkwise/runtime';
import type { Enrollments } from '../application/ports.ts';
import type { Publish } from '../generated/messages.ts';
import { enrollments } from './enrollment-table.ts';

export const knexEnrollments = ({ sql, publish }: { sql: Sql; publish: Publish }): Enrollments => ({
  add: async (tx, enrollment) => {
    const { enrollmentId, studentUserId, sectionId } = enrollment;
    if (await enrollments.first(tx, { studentUserId })) return 'already-enrolled';
    await enrollments.insert(tx, enrollment);
    await publish.studentEnrolled(tx, { enrollmentId, studentUserId, sectionId }, { key: enrollmentId });
    return 'added';
  },
  byId: (enrollmentId) => enrollments.first(sql, { enrollmentId }),
  markWelcomed: async (tx, enrollmentId) => {
    await enrollments.update(tx, { enrollmentId }, { welcomed: true });
  },
});
