import { mkdirSync } from 'node:fs';
import { checkBeforeStart } from './check-before-start.ts';
import { clientSecrets } from './client-secrets.ts';
import { demoDone, demoOver, wantsDemo } from './demo-data.ts';
import { machineSecret } from './machine-secret.ts';
import { markProcess } from './process-info.ts';
import { ISSUER_OFFSET, type Platform } from './read-platform.ts';
import { runFiles } from './run-files.ts';
import { release, takeOver, writeState } from './run-state.ts';
import { serviceEnvironment, urlOf, type Surroundings } from './service-environment.ts';
import { spawnService } from './spawn-service.ts';
import type { StartProblem } from './start-problem.ts';
import { readRestartDelays } from './restart-delays.ts';
import { superviseService, type SupervisedService } from './supervised-service.ts';

/** How long a service may take to stop before it is ended. */
const STOP_GRACE_MS = 20_000;

export interface SupervisorOptions {
  readonly platform: Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line that a service printed, or that the supervisor says of it (as a log record). */
  readonly line: (service: string, line: string) => void;
}

/** The services of a workspace, running. */
export interface Supervisor {
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
 * @throws UserError when it is up already, a port is taken or there is no generated code
 */
export const openSupervisor = async ({ platform, env, line }: SupervisorOptions): Promise<Supervisor> => {
  const files = runFiles(platform.root);
  await takeOver(files);
  try {
    await checkBeforeStart(platform);
    for (const folder of [files.data, files.compileCache]) mkdirSync(folder, { recursive: true });
    const own = platform.services.filter(({ external }) => !external);
    const secrets = clientSecrets(
      files.clientSecrets,
      own.map(({ name }) => name),
    );
    const { startDevelopmentIssuer, readDemoState } = await import('@parkwise/runtime/platform');
    const issuer = await startDevelopmentIssuer({
      port: platform.portBase + ISSUER_OFFSET,
      audience: platform.security.audience ?? platform.name,
      directory: files.secrets,
      clients: secrets,
    });
    const apiKeySecret = machineSecret(files.apiKeySecret);
    const surroundings: Surroundings = { platform, files, issuer, secrets, apiKeySecret, env };
    const save = (): void =>
      writeState(files, {
        supervisor: markProcess(process.pid),
        portBase: platform.portBase,
        issuer: issuer.url,
        services: services.map(({ state }) => state),
      });
    const delays = readRestartDelays(env);
    const services: SupervisedService[] = own.map((service) =>
      superviseService({
        name: service.name,
        url: urlOf(service) ?? '',
        root: platform.root,
        delays,
        spawn: () =>
          spawnService(service, {
            ...serviceEnvironment(service, surroundings),
            ...(wantsDemo(service, files, readDemoState) ? { PARKWISE_DEMO: 'true' } : {}),
          }),
        changed: save,
        line: (text) => line(service.name, text),
        notice: (msg, level) => line(service.name, JSON.stringify({ level, time: new Date().toISOString(), msg })),
        demo: (notes) => demoDone(files, service.name, notes),
        ready: () => demoOver(files, service.name),
      }),
    );
    save();
    return {
      issuer: issuer.url,
      async start() {
        const starts = services.map(async (service) => {
          const problem = await service.start();
          return problem === undefined ? undefined : { service: service.state.name, problem };
        });
        return firstProblem(starts);
      },
      async stop() {
        await Promise.all(services.map((service) => service.stop(STOP_GRACE_MS)));
        await issuer.close();
        release(files);
      },
      kill() {
        for (const service of services) service.kill();
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
