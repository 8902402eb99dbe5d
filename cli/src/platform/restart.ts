import { UserError } from '../application/user-error.ts';
import { didYouMean } from '../source/did-you-mean.ts';
import type { ControlLine } from './control.ts';
import { HOST } from './instances.ts';
import { machineSecret } from './machine-secret.ts';
import { runFiles } from './run-files.ts';
import { readRunning } from './run-state.ts';

export interface RestartOptions {
  readonly root: string;
  /** All of them if empty. */
  readonly services: readonly string[];
  readonly progress: (line: string) => void;
}

/**
 * Restarts services of the platform that runs, process by process: each new one answers before the old one goes.
 *
 * @throws UserError when nothing runs, there is no such service, or a new process cannot start (the old one goes on then)
 */
export const restart = async ({
  root,
  services,
  progress,
}: RestartOptions): Promise<{ readonly restarted: readonly string[] }> => {
  const files = runFiles(root);
  const running = readRunning(files);
  if (running === undefined) {
    throw new UserError({
      code: 'not-up',
      message: 'nothing runs here',
      nextSteps: ['Start it with "parkwise up".'],
      exitCode: 1,
    });
  }
  const known = [...new Set(running.services.map(({ service }) => service))];
  const unknown = services.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UserError({
      code: 'no-service',
      message: `there is no service ${unknown}`,
      nextSteps: [didYouMean(unknown, known).trim() || `There are: ${known.join(', ')}.`],
    });
  }
  const wanted = services.length === 0 ? known : services;
  const query = new URLSearchParams(wanted.map((name) => ['service', name]));
  const response = await fetch(`http://${HOST}:${running.controlPort}/restart?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${machineSecret(files.controlSecret)}` },
  }).catch((error: unknown) => {
    throw unanswered(error);
  });
  const outcome = response.ok ? await follow(response, progress) : undefined;
  if (outcome === undefined) throw unanswered();
  if (outcome.type === 'done') return { restarted: wanted };
  throw new UserError({
    code: outcome.problem.code,
    message: `${outcome.service} cannot be restarted, and runs as before: ${outcome.problem.message}`,
    nextSteps: outcome.problem.nextSteps,
    exitCode: 1,
  });
};

/** Tells what is going on, line by line, until the order is carried out. */
const follow = async (
  response: Response,
  progress: (line: string) => void,
): Promise<Exclude<ControlLine, { type: 'progress' }> | undefined> => {
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) {
        const line = JSON.parse(text) as ControlLine;
        if (line.type !== 'progress') return line;
        progress(line.line);
      }
    }
  } catch (error) {
    throw unanswered(error);
  }
  return undefined;
};

const unanswered = (cause?: unknown): UserError =>
  new UserError({
    code: 'no-answer',
    message: `the platform has given no answer${cause instanceof Error ? ` (${cause.message})` : ''}`,
    nextSteps: ['See how it is with "parkwise ps".'],
    exitCode: 1,
  });
