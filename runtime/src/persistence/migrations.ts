import type { Clock, Migration } from '../process/service-definition.ts';
import type { Database } from './database.ts';
import { runtimeMigrations } from './runtime-migrations.ts';
import type { Sql } from './tx.ts';

/** A migration together with where it came from, as `loadMigrations` returns it. */
export interface CheckedMigration extends Migration {
  /** Path, for messages. */
  readonly file?: string;
  /** Of its text; a migration that was applied must not change. Absent: not compared. */
  readonly checksum?: string;
}

/** Table of what has been applied. */
const APPLIED = 'parkwise_migrations';

export type MigrationFault = 'failed' | 'unfinished' | 'changed' | 'missing' | 'misnamed';

/** The message names the migration and its file, and says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly fault: MigrationFault;
  readonly migration: string;
  readonly file: string | undefined;

  constructor(
    fault: MigrationFault,
    migration: Pick<CheckedMigration, 'name' | 'file'>,
    reason: string,
    cause?: unknown,
  ) {
    const where = migration.file === undefined ? '' : ` (${migration.file})`;
    super(`Migration ${migration.name}${where} ${reason}`, cause === undefined ? {} : { cause });
    this.fault = fault;
    this.migration = migration.name;
    this.file = migration.file;
  }
}

interface AppliedRow {
  readonly name: string;
  readonly checksum: string | null;
  /** Empty: begun. */
  readonly applied_at: string;
}

/**
 * Several processes may do this at once: each migration is looked up and applied in one transaction that excludes the others.
 *
 * Where a change of tables cannot be undone, because it commits by itself, it takes with it the row that says that the migration was
 * begun: so one that was cut off in the middle is known as such, and one that had changed no table yet leaves nothing behind.
 */
export async function runMigrations(
  database: Database,
  migrations: readonly CheckedMigration[],
  clock: Clock,
): Promise<readonly string[]> {
  await createLedger(database);
  const all = [...runtimeMigrations, ...migrations.toSorted((a, b) => (a.name < b.name ? -1 : 1))];
  checkLedger(await readLedger(database), all);
  const done: string[] = [];
  for (const migration of all) {
    if (await apply(database, migration, clock)) done.push(migration.name);
  }
  return done;
}

async function createLedger(database: Database): Promise<void> {
  if (await database.knex.schema.hasTable(APPLIED)) return;
  await database.transaction(async ({ knex }) => {
    if (await knex.schema.hasTable(APPLIED)) return;
    await knex.schema.createTable(APPLIED, (table) => {
      table.string('name', 200).primary();
      table.string('checksum', 64).nullable();
      table.string('applied_at', 30).notNullable();
    });
  });
}

const readLedger = (sql: Sql): Promise<AppliedRow[]> =>
  sql.knex<AppliedRow>(APPLIED).select('name', 'checksum', 'applied_at');

function checkLedger(applied: readonly AppliedRow[], known: readonly CheckedMigration[]): void {
  const byName = new Map(known.map((migration) => [migration.name, migration]));
  for (const { name, checksum, applied_at: at } of applied) {
    const migration = byName.get(name);
    if (!migration) {
      throw new MigrationError(
        'missing',
        { name },
        'was applied to this database, and its file is gone: bring it back',
      );
    }
    if (at === '') throw new MigrationError('unfinished', migration, whatToDo(name));
    if (checksum !== null && migration.checksum !== undefined && checksum !== migration.checksum) {
      throw new MigrationError(
        'changed',
        migration,
        'was changed after it had been applied: undo the change and write a new migration',
      );
    }
  }
}

async function apply(database: Database, migration: CheckedMigration, clock: Clock): Promise<boolean> {
  const { name, checksum = null } = migration;
  const row = async (sql: Sql): Promise<AppliedRow | undefined> =>
    sql.knex<AppliedRow>(APPLIED).where({ name }).first();
  if (await row(database)) return false;
  try {
    return await database.transaction(async (tx) => {
      if (await row(tx)) return false;
      await tx.knex(APPLIED).insert({ name, checksum, applied_at: '' });
      try {
        await migration.up(tx.knex, tx);
      } catch (error) {
        // Not as it is: a deadlock would be a reason to repeat the transaction, and what is done already cannot be done again.
        throw new MigrationError('failed', migration, `failed: ${reasonOf(error)}`, error);
      }
      await tx.knex(APPLIED).where({ name }).update({ applied_at: clock.now().toISOString() });
      return true;
    });
  } catch (error) {
    const isHalfDone = await row(database).then(
      (left) => left !== undefined,
      () => false, // the database is gone: the next start will see
    );
    const cause = error instanceof MigrationError ? error.cause : error;
    const outcome = isHalfDone ? 'failed half-way' : 'failed and was rolled back';
    const advice = isHalfDone ? `. It ${whatToDo(name)}` : '';
    throw new MigrationError('failed', migration, `${outcome}: ${reasonOf(cause)}${advice}`, cause);
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const whatToDo = (name: string): string =>
  'was begun and not finished, and this database cannot undo changes of tables by itself. Look at what it has done, and either undo ' +
  `that by hand and forget it (DELETE FROM ${APPLIED} WHERE name = '${name}'), so that the next start runs it again, ` +
  `or do the rest by hand and count it as done (UPDATE ${APPLIED} SET applied_at = 'by hand' WHERE name = '${name}')`;
