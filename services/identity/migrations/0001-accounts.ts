import type { Knex } from 'knex';
import {
  refreshTokens,
  serviceClients,
  signingKeys,
  signInWindows,
  tokenFamilies,
  userRoles,
  users,
} from '../src/adapters/tables.ts';

export async function up(knex: Knex.Transaction): Promise<void> {
  await users.create(knex, (builder) => builder.index(['created_at', 'id']));
  await userRoles.create(knex, (builder) => builder.index(['role', 'user_id']));
  await tokenFamilies.create(knex, (builder) => builder.index(['user_id']).index(['expires_at']));
  await refreshTokens.create(knex, (builder) => builder.index(['family_id']));
  await signingKeys.create(knex);
  await serviceClients.create(knex);
  await signInWindows.create(knex, (builder) => builder.index(['ends_at']));
}
