import type { Ids } from '@parkwise/runtime';
import type { EnrollStudent } from '../generated/operations.ts';
import type { Enrollments } from './ports.ts';

export const enrollStudent =
  ({ enrollments, ids }: { enrollments: Enrollments; ids: Ids }): EnrollStudent =>
  ({ body, reply, commit }) =>
    commit(async (tx) => {
      const enrollment = { ...body, enrollmentId: `ENR-${ids.next()}`, welcomed: false };
      return (await enrollments.add(tx, enrollment)) === 'added' ? reply.created(enrollment) : reply.alreadyEnrolled();
    });
