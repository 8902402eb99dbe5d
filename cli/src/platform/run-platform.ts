import { UserError } from '../application/user-error.ts';
import { basePath } from './base-path.ts';
import { demoNotes } from './demo-data.ts';
import { readPlatform, type Platform } from './read-platform.ts';
import { runFiles } from './run-files.ts';
import { urlOf } from './service-environment.ts';
import { openSupervisor } from './supervisor.ts';

export interface RunOptions {
  readonly root: string;
  readonly portBase?: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line that a service printed. */
  readonly line: (service: string, line: string) => void;
  /** All are ready. */
  readonly ready: (running: RunningPlatform) => void;
  /** Something for the user to know, in one line. */
  readonly progress: (line: string) => void;
  /** Asks for an end: gracefully at the first call, at once at the second. */
  readonly onStop: (stop: () => void) => void;
}

/** What is up, for the table that `up` prints. */
export interface RunningPlatform {
  readonly name: string;
  readonly services: readonly {
    readonly name: string;
    readonly url: string;
    readonly basePath: string;
    readonly external: boolean;
  }[];
  readonly issuer: string;
  /** What the demo data tells a newcomer, by service. */
  readonly notes: readonly { readonly service: string; readonly lines: readonly string[] }[];
  readonly milliseconds: number;
}

/**
 * Runs the workspace until it is asked to stop.
 *
 * @throws UserError when it cannot start: nothing is left running then
 */
export const runPlatform = async (options: RunOptions): Promise<void> => {
  const begun = performance.now();
  const platform = readPlatform(options.root, options.portBase === undefined ? {} : { portBase: options.portBase });
  const supervisor = await openSupervisor({ platform, env: options.env, line: options.line });
  const asked = Promise.withResolvers<'stop'>();
  let calls = 0;
  options.onStop(() => {
    calls += 1;
    if (calls === 1) asked.resolve('stop');
    else {
      supervisor.kill();
      process.exit(130);
    }
  });
  const outcome = await Promise.race([supervisor.start(), asked.promise]);
  if (outcome === undefined) {
    options.ready(describe(platform, supervisor.issuer, performance.now() - begun));
    await asked.promise;
  }
  options.progress(
    outcome === undefined || outcome === 'stop' ? 'stopping (Ctrl+C again ends at once)' : 'stopping what has started',
  );
  await supervisor.stop();
  if (outcome === undefined || outcome === 'stop') return;
  throw new UserError({
    code: outcome.problem.code,
    message: `${outcome.service} cannot start: ${outcome.problem.message}`,
    nextSteps: outcome.problem.nextSteps,
    exitCode: 1,
  });
};

const describe = (platform: Platform, issuer: string, milliseconds: number): RunningPlatform => {
  const files = runFiles(platform.root);
  return {
    name: platform.name,
    services: platform.services.map((service) => ({
      name: service.name,
      url: urlOf(service) ?? '',
      basePath: service.external ? '' : basePath(service),
      external: service.external,
    })),
    issuer,
    notes: platform.services
      .map(({ name }) => ({ service: name, lines: demoNotes(files, name) }))
      .filter(({ lines }) => lines.length > 0),
    milliseconds: Math.round(milliseconds),
  };
};
