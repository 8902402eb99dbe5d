import { readPlatform } from '../read-platform.ts';
import { runFiles } from '../run-files.ts';
import { readEnvironment, type Environment } from '../environment.ts';
import { stackUrls } from '../stack-urls.ts';
import { chosenStack } from '../stack/open-stack.ts';
import type { StackKind } from '../stack/stack.ts';
import { checkFiles } from './check-files.ts';
import { checkLeftovers } from './check-leftovers.ts';
import { checkNode } from './check-node.ts';
import { checkPorts } from './check-ports.ts';
import type { Check, Diagnosis, Patient } from './diagnosis.ts';

export interface DoctorOptions {
  readonly root: string;
  /** Absent: as PARKWISE_STACK says, else embedded. */
  readonly stack?: StackKind | undefined;
  readonly portBase?: number;
  readonly env: Environment;
}

export interface Examination {
  readonly stack: StackKind;
  /** Whether there is no problem; warnings may be. */
  readonly healthy: boolean;
  readonly diagnoses: readonly Diagnosis[];
}

/**
 * Looks at everything that has to be right for a workspace to run, and says for each thing that is not what to do.
 *
 * @throws UserError when there is nothing to look at: no readable `parkwise.yaml`, no URLs for an external stack
 */
export const examine = async ({ root, portBase, ...options }: DoctorOptions): Promise<Examination> => {
  const env = readEnvironment(root, options.env);
  const stack = chosenStack(options.stack, env);
  const platform = readPlatform(root, portBase === undefined ? {} : { portBase });
  const patient: Patient = { root, platform, files: runFiles(root), stack, env };
  // Refuses at once what the checks of servers would each trip over.
  stackUrls(patient);
  const { checkGenerated } = await import('./check-generated.ts');
  const { checkMigrations } = await import('./check-migrations.ts');
  const checks: readonly Check[] = [
    () => checkNode(),
    checkPorts,
    checkFiles,
    checkLeftovers,
    checkGenerated,
    ...(stack === 'external' ? await serverChecks() : []),
    checkMigrations,
  ];
  const diagnoses: Diagnosis[] = [];
  for (const check of checks) diagnoses.push(...(await check(patient)));
  // A database that cannot be reached is told once, by the check that knows why.
  const unreached = new Set(diagnoses.filter(isUnreached).map(({ subject }) => subject));
  const told = diagnoses.filter(({ check, subject }) => check !== 'migrations' || !unreached.has(subject));
  return { stack, healthy: told.every(({ verdict }) => verdict !== 'problem'), diagnoses: told };
};

const isUnreached = ({ check, verdict }: Diagnosis): boolean => check === 'mariadb' && verdict === 'problem';

/** Their drivers are loaded for them alone. */
const serverChecks = async (): Promise<readonly Check[]> => {
  const [{ checkMariadb }, { checkKafka }, { checkRedis }] = await Promise.all([
    import('./check-mariadb.ts'),
    import('./check-kafka.ts'),
    import('./check-redis.ts'),
  ]);
  return [checkMariadb, checkKafka, checkRedis];
};
