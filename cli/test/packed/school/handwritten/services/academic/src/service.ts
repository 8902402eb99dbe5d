import { knexEnrollments } from './adapters/knex-enrollments.ts';
import { defineService } from './generated/service.ts';

export default defineService(({ publish, sql, ids }) => ({ enrollments: knexEnrollments({ sql, publish }), ids }));
