import { logFormatter } from './log-lines.ts';
import { instanceNames } from './instances.ts';
import { readPlatform } from './read-platform.ts';
import { runPlatform, type RunChoices } from './run-platform.ts';
import { showRunning } from './show-running.ts';

export interface UpOptions extends RunChoices {
  readonly root: string;
  readonly json: boolean;
  readonly color: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: (line: string) => void;
}

/** Two signals within this time are one: a terminal sends Ctrl+C to every process, and npm passes it on once more. */
const SAME_SIGNAL_MS = 150;

/** `parkwise up` in the foreground: one log on stdout until a signal ends it. */
export const up = async ({ json, color, ...options }: UpOptions): Promise<void> => {
  const names = ['parkwise', ...instanceNames(readPlatform(options.root, options))];
  const format = logFormatter({ json, color, names });
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  await runPlatform({
    ...options,
    line: (service, line) => print(format(service, line)),
    ready: (running) => {
      if (json)
        print(
          JSON.stringify({
            time: new Date().toISOString(),
            level: 'info',
            service: 'parkwise',
            msg: 'ready',
            ...running,
          }),
        );
      else print(showRunning(running, { color }));
    },
    onStop: stopOnSignals,
  });
};

/** Calls `stop` for each signal that asks for an end, and when whoever reads our output or started us is gone. */
const stopOnSignals = (stop: () => void): void => {
  let last = Number.NEGATIVE_INFINITY;
  const once = (): void => {
    const now = performance.now();
    if (now - last <= SAME_SIGNAL_MS) return;
    last = now;
    stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, once);
  process.stdout
    .removeAllListeners('error')
    .once('error', once)
    .on('error', () => undefined);
  if (process.env['PARKWISE_LAUNCHED'] !== undefined && process.channel) {
    process.once('disconnect', once);
    process.channel.unref();
  }
};
