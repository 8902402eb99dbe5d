import type { CheckedMigration } from './migrations.ts';
import { runtimeMigrations } from './runtime-migrations.ts';
import type { Sql } from './tx.ts';

/**
 * `changed`: its file is not what was applied. `missing`: it was applied, and its file is gone. `unfinished`: begun, and cut off in the
 * middle.
 */
export type MigrationState = 'applied' | 'pending' | 'changed' | 'missing' | 'unfinished';

export interface MigrationStatus {
  readonly name: string;
  /** Of the runtime's own tables, or the service's. */
  readonly of: 'runtime' | 'service';
  readonly state: MigrationState;
  /** ISO 8601, UTC. */
  readonly appliedAt: string | null;
}

/** Where migrations are noted; see `migrations.ts`. */
const LEDGER = 'parkwise_migrations';

interface LedgerRow {
  readonly name: string;
  readonly checksum: string | null;
  readonly applied_at: string;
}

/**
 * What has been applied to a database, and what the next start (or `migrate up`) would. Changes nothing.
 *
 * @param sql undefined for a database that does not exist yet
 */
export const migrationStatus = async (
  sql: Sql | undefined,
  migrations: readonly CheckedMigration[],
): Promise<readonly MigrationStatus[]> => {
  const ledger = sql && (await sql.knex.schema.hasTable(LEDGER)) ? await sql.knex<LedgerRow>(LEDGER).select() : [];
  const rows = new Map(ledger.map((row) => [row.name, row]));
  const known = [...runtimeMigrations, ...migrations.toSorted((a, b) => (a.name < b.name ? -1 : 1))];
  const ours = new Set(runtimeMigrations.map(({ name }) => name));
  const listed = known.map((migration): MigrationStatus => {
    const row = rows.get(migration.name);
    rows.delete(migration.name);
    return {
      name: migration.name,
      of: ours.has(migration.name) ? 'runtime' : 'service',
      state: stateOf(row, migration),
      appliedAt: row?.applied_at || null,
    };
  });
  const gone = [...rows.values()].map(({ name, applied_at: at }): MigrationStatus => ({
    name,
    of: name.startsWith('parkwise-') ? 'runtime' : 'service',
    state: 'missing',
    appliedAt: at || null,
  }));
  return [...listed, ...gone];
};

const stateOf = (row: LedgerRow | undefined, { checksum }: CheckedMigration): MigrationState => {
  if (!row) return 'pending';
  if (row.applied_at === '') return 'unfinished';
  return row.checksum !== null && checksum !== undefined && row.checksum !== checksum ? 'changed' : 'applied';
};
