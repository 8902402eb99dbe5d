import { parseDuration } from '@parkwise/runtime/platform';
import { UserError } from '../../application/user-error.ts';
import { readSecret, type Environment } from '../environment.ts';
import type { Platform } from '../read-platform.ts';
import type { RunFiles } from '../run-files.ts';
import { embeddedStack } from './embedded-stack.ts';
import type { ServerFlags } from './read-servers.ts';
import type { Stack, StackKind } from './stack.ts';

export interface StackChoice extends ServerFlags {
  /** By flag; else PARKWISE_STACK says it, else it is embedded. */
  readonly kind?: StackKind;
}

const WAIT_MS = 30_000;

/** Which stack is meant. */
export const chosenStack = (kind: StackKind | undefined, env: Environment): StackKind => {
  const chosen = kind ?? (env['PARKWISE_STACK'] || 'embedded');
  if (chosen === 'embedded' || chosen === 'external') return chosen;
  throw new UserError({
    code: 'stack',
    message: 'PARKWISE_STACK is neither embedded nor external',
    nextSteps: ['Mend it, or say --stack embedded or --stack external.'],
  });
};

/** How long servers are waited for: PARKWISE_WAIT. */
export const waitMs = (env: Environment): number => {
  const text = env['PARKWISE_WAIT'];
  const ms = text === undefined ? WAIT_MS : parseDuration(text);
  if (ms !== undefined) return ms;
  throw new UserError({
    code: 'setting',
    message: 'PARKWISE_WAIT is no duration',
    nextSteps: ['Write it as ISO 8601 does: PT1M.'],
  });
};

/**
 * The stack that the services are to run on. The embedded one needs nothing of what the other is made of, so that is loaded when asked for.
 *
 * @throws UserError when its settings are missing or wrong
 */
export const openStack = async (
  platform: Platform,
  { kind, ...flags }: StackChoice,
  { env, files }: { readonly env: Environment; readonly files: RunFiles },
): Promise<Stack> => {
  if (chosenStack(kind, env) === 'embedded') {
    const redis = flags.redisUrl ?? readSecret(env, 'PARKWISE_REDIS_URL');
    if (redis === undefined) return embeddedStack(files);
    const { readRedisUrl } = await import('./server-url.ts');
    return embeddedStack(files, readRedisUrl('embedded', flags.redisUrl, env));
  }
  const [{ readServers }, { externalStack }] = await Promise.all([
    import('./read-servers.ts'),
    import('./external-stack.ts'),
  ]);
  return externalStack({ platform, servers: readServers(platform, flags, env), files, waitMs: waitMs(env) });
};
