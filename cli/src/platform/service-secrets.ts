import { weaknessOf } from '@parkwise/runtime/platform';
import { UserError } from '../application/user-error.ts';
import { clientSecrets } from './client-secrets.ts';
import { readSecret, upperSnake, type Environment } from './environment.ts';
import type { Platform } from './read-platform.ts';
import type { RunFiles } from './run-files.ts';

/**
 * By what each service gets tokens of its own: made for development, given in production (`PARKWISE_CLIENT_SECRET_<SERVICE>`; the real
 * issuer has to know them).
 *
 * @throws UserError (exit code 2) that names those that are too weak for production
 */
export const serviceSecrets = (
  platform: Platform,
  {
    env,
    files,
    isDevelopment,
  }: { readonly env: Environment; readonly files: RunFiles; readonly isDevelopment: boolean },
): Readonly<Record<string, string>> => {
  const names = platform.services.filter(({ external }) => !external).map(({ name }) => name);
  if (isDevelopment) return clientSecrets(files.clientSecrets, names);
  const given = names.flatMap((name) => {
    const setting = `PARKWISE_CLIENT_SECRET_${upperSnake(name)}`;
    const secret = readSecret(env, setting);
    return secret === undefined ? [] : [{ name, setting, secret, why: weaknessOf(secret, [name, platform.name]) }];
  });
  const weak = given.filter(({ why }) => why !== undefined);
  if (weak.length > 0) {
    throw new UserError({
      code: 'weak-secret',
      message: weak.map(({ setting, why }) => `${setting} is too weak for production: ${why}`).join('\n'),
      nextSteps: ['Take at least 16 characters at random: openssl rand -base64 24'],
    });
  }
  // One that is missing and needed is named by the service itself, which knows whether it calls others.
  return Object.fromEntries(given.map(({ name, secret }) => [name, secret]));
};
