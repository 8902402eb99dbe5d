import type { Knex } from 'knex';
import { enrollments } from '../src/adapters/enrollment-table.ts';

export const up = (knex: Knex.Transaction): Promise<void> => enrollments.create(knex);
