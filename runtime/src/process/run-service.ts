import { flushCompileCache } from 'node:module';
import { withoutSecrets } from '../configuration/without-secrets.ts';
import { migrateAndExit } from './migrate-and-exit.ts';
import { parentChannel, TAKES_OVER, type ParentChannel } from './parent-channel.ts';
import type { AnyServiceDefinition } from './any-service-definition.ts';
import { StartError } from './start-error.ts';
import type { RunningService, StartOptions, StopOptions } from './start-options.ts';
import { startService } from './start-service.ts';

/** Of the grace: after this the process ends whatever is still open. */
const WATCHDOG_SHARE = 5 / 6;

/**
 * Runs a service as this process: starts it with the process's environment, tells the parent when it is ready, stops gracefully on
 * SIGTERM or SIGINT or when the parent is gone. Exit status: 0 stopped, 1 crashed or not stopped in time, 2 cannot start as it is set up.
 * With the argument `--migrate` it only brings its database up to date, and ends.
 */
export const runService = async (
  definition: AnyServiceDefinition,
  options: Pick<StartOptions, 'clock'> = {},
): Promise<void> => {
  if (process.argv.includes('--migrate')) return migrateAndExit(definition);
  const parent = parentChannel();
  let running: RunningService | undefined;
  let asked = false;
  let clean: (text: string) => string = (text) => text;

  const stop = (how?: StopOptions): void => {
    if (asked) return;
    asked = true;
    if (running) void stopAndExit(running, how);
    // While it is still starting there is nothing to lose.
    else process.exit(0);
  };
  process.on('SIGTERM', () => stop());
  // A terminal sends Ctrl+C to the supervisor as well, and it is for that to say when.
  process.on('SIGINT', () => {
    if (!parent.connected) stop();
  });
  parent.onGone(() => stop());
  parent.onLend(() => running?.socket);
  parent.onRetire((patience) => stop({ ...patience, passOn: parent.passConnection }));
  parent.onConnection((connection) => (running ? running.adopt(connection) : connection.close()));
  const crash = (error: unknown): void => {
    if (running) running.log.fatal({ err: error }, 'crashed');
    else process.stderr.write(clean(`${error instanceof Error ? error.stack : String(error)}\n`));
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);

  try {
    running = await startService(definition, {
      ...options,
      env: process.env,
      onSecrets: (secrets) => (clean = withoutSecrets(secrets)),
      onDemo: (notes) => parent.demo(notes),
      ...(process.env[TAKES_OVER] !== undefined && { inheritSocket: () => parent.inheritSocket() }),
    });
  } catch (error) {
    await reportFailure(error, parent, clean);
    process.exit(error instanceof StartError && error.code !== 'start' ? 2 : 1);
  }
  parent.ready(running.port);
  // The next start is faster, even if this process is killed.
  flushCompileCache();
};

const stopAndExit = async (running: RunningService, options?: StopOptions): Promise<void> => {
  const watchdog = setTimeout(
    () => {
      running.log.fatal({}, 'the stop took too long');
      process.exit(1);
    },
    (options?.graceMs ?? running.graceMs) * WATCHDOG_SHARE,
  );
  watchdog.unref();
  await running.stop(options);
  process.exit(0);
};

const reportFailure = async (error: unknown, parent: ParentChannel, clean: (text: string) => string): Promise<void> => {
  const code = error instanceof StartError ? error.code : 'start';
  const message = clean(error instanceof Error ? error.message : String(error));
  if (!parent.connected) process.stderr.write(`cannot start (${code}): ${message}\n`);
  // A mistake in the service's own code is found by its stack.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (code === 'start' || code === 'demo')
    process.stderr.write(clean(`${cause instanceof Error ? cause.stack : String(cause)}\n`));
  await parent.failed({ code, message });
};
