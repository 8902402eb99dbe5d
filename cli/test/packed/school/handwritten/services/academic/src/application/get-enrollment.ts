import type { GetEnrollment } from '../generated/operations.ts';
import type { Enrollments } from './ports.ts';

export const getEnrollment =
  ({ enrollments }: { enrollments: Enrollments }): GetEnrollment =>
  async ({ path, reply }) => {
    const enrollment = await enrollments.byId(path.enrollmentId);
    return enrollment ? reply.ok(enrollment) : reply.notFound();
  };
