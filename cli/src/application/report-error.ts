import { readFileSync } from 'node:fs';
import { UserError } from './user-error.ts';

/** What a command line tool says of what was thrown: what to print, and the exit code (1 findings, 2 usage, 3 a bug or the environment). */
interface Report {
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  readonly nextSteps: readonly string[];
  readonly stack?: string;
}

const described = (error: unknown): Report => {
  if (error instanceof UserError) {
    const { exitCode, code, message, nextSteps } = error;
    return { exitCode, code, message, nextSteps };
  }
  if (error instanceof Error && 'oclif' in error) {
    // The command line itself is wrong; oclif words it, with colours and a hint that we give in our own way.
    const message = error.message.replace(/\n?See more help with --help$/, '');
    return { exitCode: 2, code: 'usage', message, nextSteps: ['See "parkwise <command> --help".'] };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const version = (
    JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
  ).version;
  return {
    exitCode: 3,
    code: 'bug',
    message: error instanceof Error ? error.message : String(error),
    nextSteps: [
      'This is a bug of parkwise, not of yours. Please report it with the lines above, the command that you ran',
      `and: parkwise ${version}, node ${process.versions.node}, ${process.platform}-${process.arch}.`,
    ],
    stack,
  };
};

/** Prints the error (with `json` as an object on stdout, else as text on stderr) and returns the exit code. */
export const reportError = (error: unknown, { json }: { json: boolean }): number => {
  // oclif's way of ending a command early, which is no error.
  if (error instanceof Error && 'code' in error && error.code === 'EEXIT') return Number(process.exitCode ?? 0);
  const { exitCode, stack, ...report } = described(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: report }, null, 2)}\n`);
  if (!json || stack !== undefined) {
    const lines = [`parkwise: ${stack ?? report.message}`, ...report.nextSteps.map((step) => `  → ${step}`)];
    process.stderr.write(`${lines.join('\n')}\n`);
  }
  return exitCode;
};
