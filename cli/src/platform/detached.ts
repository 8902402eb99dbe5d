/** The process that `parkwise up --detach` leaves behind: supervises, writes the log as JSON lines to its stdout (a file). */
import { UserError } from '../application/user-error.ts';
import { once } from 'node:events';
import { runPlatform, type RunChoices } from './run-platform.ts';

const root = process.argv[2] ?? '';
const [choices] = (await once(process, 'message')) as [RunChoices];

/** To whoever waits for us to be up; he may be gone. */
const tell = (message: object): void => {
  if (process.connected) process.send?.(message);
};

const print = (record: object): void => void process.stdout.write(`${JSON.stringify(record)}\n`);
const say = (level: string, msg: string): void =>
  print({ time: new Date().toISOString(), level, service: 'parkwise', msg });

try {
  await runPlatform({
    ...choices,
    root,
    env: process.env,
    line: (service, line) =>
      print(line.startsWith('{') ? { ...(JSON.parse(line) as object), service } : { service, msg: line }),
    ready: (running) => {
      say('info', 'ready');
      tell({ type: 'ready', running });
      if (process.connected) process.disconnect();
    },
    progress: (line) => say('info', line),
    onStop: (stop) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
      process.on('SIGHUP', () => undefined); // the terminal may go, we stay
    },
  });
} catch (error) {
  const { code, message, nextSteps, exitCode } =
    error instanceof UserError
      ? error
      : {
          code: 'bug',
          message: error instanceof Error ? (error.stack ?? error.message) : String(error),
          nextSteps: [],
          exitCode: 3,
        };
  say('error', message);
  tell({ type: 'failed', error: { code, message, nextSteps, exitCode } });
  process.exitCode = exitCode;
}
