import { mkdirSync } from 'node:fs';
import { checkBeforeStart } from './check-before-start.ts';
import { openControl } from './control.ts';
import { openDevelopment } from './development.ts';
import type { Environment } from './environment.ts';
import { instancesOf, type Instance } from './instances.ts';
import { machineSecret } from './machine-secret.ts';
import { markProcess } from './process-info.ts';
import type { Platform } from './read-platform.ts';
import { readRestartDelays } from './restart-delays.ts';
import { runFiles } from './run-files.ts';
import { release, takeOver, writeState } from './run-state.ts';
import { serviceEnvironment, type Surroundings } from './service-environment.ts';
import { serviceSecrets } from './service-secrets.ts';
import { superviseGroup, type ServiceGroup } from './service-group.ts';
import { spawnService } from './spawn-service.ts';
import type { Stack } from './stack/stack.ts';
import type { StartProblem } from './start-problem.ts';

/** How long a service may take to stop before it is ended. */
const STOP_GRACE_MS = 20_000;

export interface SupervisorOptions {
  readonly platform: Platform;
  readonly env: Environment;
  readonly stack: Stack;
  readonly canShare: boolean;
  /** Without it services run in production mode. */
  readonly isDevelopment: boolean;
  /** A line that a service printed, or that the supervisor says of it (as a log record). */
  readonly line: (service: string, line: string) => void;
  readonly progress: (line: string) => void;
}

/** The services of a workspace, running. */
export interface Supervisor {
  /** '' if there is none. */
  readonly issuer: string;
  /** Starts everything; resolves once all are ready, or with why one cannot become so. */
  start(): Promise<{ readonly service: string; readonly problem: StartProblem } | undefined>;
  /** Stops everything gracefully. */
  stop(): Promise<void>;
  /** Ends everything at once. */
  kill(): void;
}

/**
 * Makes this process the one that runs the workspace: clears what a killed predecessor left, starts the development issuer.
 *
 * @throws UserError when it is up already, a port is taken, there is no generated code or a secret is missing
 */
export const openSupervisor = async (options: SupervisorOptions): Promise<Supervisor> => {
  const { platform, env, stack, canShare, line, progress } = options;
  const files = runFiles(platform.root);
  await takeOver(files);
  try {
    await checkBeforeStart(platform, { canShare, hasIssuer: options.isDevelopment });
    for (const folder of [files.data, files.compileCache]) mkdirSync(folder, { recursive: true });
    const secrets = serviceSecrets(platform, { env, files, isDevelopment: options.isDevelopment });
    const development = options.isDevelopment ? await openDevelopment(platform, { files, secrets }) : undefined;
    const surroundings: Surroundings = { platform, files, stack, development, secrets, env, canShare };
    const stopping = new AbortController();
    const spawn = async (instance: Instance, { takesOver }: { readonly takesOver: boolean }) => {
      const { service, index } = instance;
      const fills = index === 1 && !takesOver && (await stack.wantsDemo(service));
      return spawnService(service, {
        ...serviceEnvironment(instance, surroundings),
        ...(fills ? { PARKWISE_DEMO: 'true' } : {}),
        ...(takesOver ? { PARKWISE_TAKES_OVER: 'true' } : {}),
      });
    };
    const groups: ServiceGroup[] = platform.services
      .filter(({ external }) => !external)
      .map((service) =>
        superviseGroup(service.name, {
          instances: instancesOf(service, canShare),
          root: platform.root,
          delays: readRestartDelays(env),
          spawn,
          line,
          changed: () => save(),
          demo: (notes) => stack.demoDone(service.name, notes),
          ready: () => stack.demoOver(service.name),
        }),
      );
    const control = await openControl(machineSecret(files.controlSecret), {
      async restart(names, tell) {
        for (const group of groups.filter(({ service }) => names.includes(service))) {
          const problem = await group.restart(tell);
          if (problem !== undefined) return { service: group.service, problem };
        }
        return undefined;
      },
    });
    const save = (): void =>
      writeState(files, {
        supervisor: markProcess(process.pid),
        portBase: platform.portBase,
        stack: stack.kind,
        issuer: development?.issuer.url ?? '',
        controlPort: control.port,
        services: groups.flatMap(({ states }) => states),
      });
    save();
    return {
      issuer: development?.issuer.url ?? '',
      async start() {
        await stack.prepare(platform, { progress, signal: stopping.signal });
        const starts = groups.map(async (group) => {
          const problem = await group.start();
          return problem === undefined ? undefined : { service: group.service, problem };
        });
        return firstProblem(starts);
      },
      async stop() {
        stopping.abort();
        await Promise.all(groups.map((group) => group.stop(STOP_GRACE_MS)));
        await control.close();
        await development?.close();
        release(files);
      },
      kill() {
        for (const group of groups) group.kill();
        release(files);
      },
    };
  } catch (error) {
    release(files);
    throw error;
  }
};

/** The first that resolves to a problem; undefined once all have resolved to none. */
const firstProblem = <T>(starts: readonly Promise<T | undefined>[]): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    for (const start of starts) start.then((problem) => problem !== undefined && resolve(problem), reject);
    Promise.all(starts).then(() => resolve(undefined), reject);
  });
