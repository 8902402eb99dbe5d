import { column, table } from '@parkwise/runtime';

export const enrollments = table('enrollments', {
  enrollmentId: column.text().primaryKey(),
  studentUserId: column.text().unique(),
  sectionId: column.text(),
  academicYear: column.integer(),
  welcomed: column.boolean(),
});
