import { withoutSecrets } from '@parkwise/runtime/platform';
import { UserError } from '../application/user-error.ts';
import { basePath } from './base-path.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { canSharePorts, urlsOf } from './instances.ts';
import { readPlatform, type Platform, type PlatformChoices } from './read-platform.ts';
import { runFiles } from './run-files.ts';
import { openStack, type StackChoice } from './stack/open-stack.ts';
import type { Stack, StackKind } from './stack/stack.ts';
import { openSupervisor } from './supervisor.ts';

/** What a command line says of how the workspace is to run. */
export interface RunChoices extends PlatformChoices {
  readonly stack?: StackChoice;
}

export interface RunOptions extends RunChoices {
  readonly root: string;
  readonly env: Environment;
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
  readonly stack: StackKind;
  readonly services: readonly {
    readonly name: string;
    readonly url: string;
    /** Where there is more than one: the processes cannot share a port on this system. */
    readonly urls?: readonly string[];
    readonly basePath: string;
    readonly external: boolean;
    /** How many processes it has. */
    readonly processes: number;
  }[];
  /** '' in production. */
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
  const { root, progress } = options;
  const platform = readPlatform(root, options);
  const env = readEnvironment(root, options.env);
  const stack = await openStack(platform, options.stack ?? {}, { env, files: runFiles(root) });
  const canShare = await canSharePorts(env);
  // Production is for servers; what runs in files under .parkwise/ is a laptop's.
  const isDevelopment = stack.kind === 'embedded' || env['PARKWISE_MODE'] !== 'production';
  const clean = withoutSecrets(stack.secrets);
  const supervisor = await openSupervisor({
    platform,
    env,
    stack,
    canShare,
    isDevelopment,
    progress,
    line: (service, line) => options.line(service, clean(line)),
  });
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
  const starting = supervisor.start().catch((error: unknown) => ({ error }));
  const outcome = await Promise.race([starting, asked.promise]);
  if (outcome === undefined) {
    options.ready(describe(platform, { stack, canShare, issuer: supervisor.issuer, ms: performance.now() - begun }));
    await asked.promise;
  }
  const isAsked = outcome === undefined || outcome === 'stop';
  progress(isAsked ? 'stopping (Ctrl+C again ends at once)' : 'stopping what has started');
  await supervisor.stop();
  if (isAsked) return;
  if ('error' in outcome) throw outcome.error;
  throw new UserError({
    code: outcome.problem.code,
    message: clean(`${outcome.service} cannot start: ${outcome.problem.message}`),
    nextSteps: outcome.problem.nextSteps,
    exitCode: 1,
  });
};

const describe = (
  platform: Platform,
  { stack, canShare, issuer, ms }: { stack: Stack; canShare: boolean; issuer: string; ms: number },
): RunningPlatform => ({
  name: platform.name,
  stack: stack.kind,
  services: platform.services.map((service) => {
    const urls = urlsOf(service, canShare);
    return {
      name: service.name,
      url: urls[0] ?? '',
      ...(urls.length > 1 ? { urls } : {}),
      basePath: service.external ? '' : basePath(service),
      external: service.external,
      processes: service.external ? 0 : service.scale,
    };
  }),
  issuer,
  notes: platform.services
    .map(({ name }) => ({ service: name, lines: stack.demoNotes(name) }))
    .filter(({ lines }) => lines.length > 0),
  milliseconds: Math.round(ms),
});
