import type { MigratedDatabase } from './migrate.ts';

/** Whether nothing is left to do or to mend. */
export const areMigrationsSettled = (databases: readonly MigratedDatabase[]): boolean =>
  databases.every(({ migrations }) => migrations.every(({ state }) => state === 'applied'));

/** The migrations of each database as a table, with what to do in the end. */
export const showMigrations = (databases: readonly MigratedDatabase[]): string => {
  const width = Math.max(0, ...databases.flatMap(({ migrations }) => migrations.map(({ name }) => name.length)));
  const blocks = databases.map(({ service, database, migrations, applied }) => [
    `${service}  ${database}`,
    ...migrations.map(({ name, state, appliedAt }) => {
      const word = applied.includes(name) ? 'applied now' : state;
      return `  ${name.padEnd(width)}  ${word.padEnd(11)}${appliedAt === null ? '' : `  ${appliedAt}`}`.trimEnd();
    }),
  ]);
  const states = new Set(databases.flatMap(({ migrations }) => migrations.map(({ state }) => state)));
  const advice = [
    ...(states.has('pending') ? ['  → "parkwise migrate up" applies what is pending; so does the next start.'] : []),
    ...(states.has('changed')
      ? ['  → Changed after it had been applied: undo the change and write a new migration.']
      : []),
    ...(states.has('missing') ? ['  → Its file is gone: bring it back from version control.'] : []),
    ...(states.has('unfinished') ? ['  → Cut off in the middle: "parkwise migrate up" says what to do.'] : []),
  ];
  return [...blocks, ...(advice.length > 0 ? [advice] : [])].map((lines) => lines.join('\n')).join('\n\n');
};
