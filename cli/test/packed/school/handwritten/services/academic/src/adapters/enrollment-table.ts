import { column, table } from '@parkwise/runtime';

export const enrollments = table('enrollments', {
  enrollmentId: column.text({ max: 36 }).primaryKey(),
  studentUserId: column.text({ max: 64 }).unique(),
  sectionId: column.text(),
  academicYear: column.integer(),
  welcomed: column.boolean(),
});
