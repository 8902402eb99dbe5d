import { UserError } from '../../application/user-error.ts';
import { readMigrations } from '../migrate.ts';
import { diagnosing, type Diagnosis, type Patient } from './diagnosis.ts';

const { ok, warning, problem } = diagnosing('migrations');

/** Whether databases and migrations go together. A database that cannot be opened at all is another check's to explain. */
export const checkMigrations = async ({ root, platform, stack, env }: Patient): Promise<readonly Diagnosis[]> => {
  const own = platform.services.filter(({ external, store }) => !external && store === 'sql');
  const found = await Promise.all(
    own.map(async ({ name: subject }) => {
      try {
        const [database] = await readMigrations({ root, services: [subject], stack, env });
        const named = (state: string) => (database?.migrations ?? []).filter((migration) => migration.state === state);
        const [pending, broken] = [named('pending'), ['changed', 'missing', 'unfinished'].flatMap(named)];
        if (broken.length > 0) {
          const list = broken.map(({ name, state }) => `${name} (${state})`).join(', ');
          return problem(
            { subject, message: `the database does not fit the migrations: ${list}` },
            '"parkwise migrate status" says what to do about each.',
          );
        }
        if (pending.length === 0) return ok(subject, 'all migrations are applied');
        const count = `${pending.length} ${pending.length === 1 ? 'migration is' : 'migrations are'} pending`;
        const isNew = named('applied').length === 0;
        if (isNew) return ok(subject, `${count}: the database is new`);
        return warning({ subject, message: count }, '"parkwise migrate up" applies them; so does the next start.');
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return problem({ subject, message: error.message }, error.nextSteps.join(' '));
      }
    }),
  );
  return found;
};
