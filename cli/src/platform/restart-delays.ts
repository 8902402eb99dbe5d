import { parseDuration } from '@parkwise/runtime/platform';
import { UserError } from '../application/user-error.ts';

/** How long a service that has ended waits until it is started again; milliseconds. The delay doubles from the first to the longest. */
export interface RestartDelays {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** `PARKWISE_RESTART_DELAY` and `PARKWISE_RESTART_DELAY_MAX`, as ISO 8601 durations; 0.25 s and 10 s where they are not set. */
export const readRestartDelays = (env: Readonly<Record<string, string | undefined>>): RestartDelays => ({
  firstMs: read(env, 'PARKWISE_RESTART_DELAY', 250),
  longestMs: read(env, 'PARKWISE_RESTART_DELAY_MAX', 10_000),
});

const read = (env: Readonly<Record<string, string | undefined>>, name: string, fallback: number): number => {
  const text = env[name];
  if (text === undefined) return fallback;
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new UserError({
    code: 'setting',
    message: `${name} is "${text}", which is no duration`,
    nextSteps: ['Write it as ISO 8601 does: PT0.25S.'],
  });
};
