import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { UserError } from '../application/user-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A service's name as variables have it. */
export const upperSnake = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();

/**
 * The environment with what `.env` of the workspace adds to it. What the environment says wins, whichever way it says it: a variable
 * there (`NAME`) also wins over a file named in `.env` (`NAME_FILE`).
 */
export const readEnvironment = (root: string, env: Environment): Environment => {
  const file = readDotEnv(root);
  const isSet = (name: string): boolean => env[name] !== undefined && env[name] !== '';
  const added = Object.entries(file).filter(([name]) => {
    const plain = name.replace(/_FILE$/, '');
    return !isSet(plain) && !isSet(`${plain}_FILE`);
  });
  return { ...Object.fromEntries(added), ...Object.fromEntries(Object.entries(env).filter(([name]) => isSet(name))) };
};

const readDotEnv = (root: string): Environment => {
  try {
    return parseEnv(readFileSync(join(root, '.env'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new UserError({
      code: 'dot-env',
      message: `.env cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      nextSteps: ['Mend it, or move it away.'],
    });
  }
};

/**
 * A secret: from the file that `NAME_FILE` names, else from `NAME`; undefined if neither is set.
 *
 * @throws UserError when the file cannot be read
 */
export const readSecret = (env: Environment, name: string): string | undefined => {
  const file = env[`${name}_FILE`];
  if (file === undefined || file === '') return env[name] || undefined;
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined;
  } catch (error) {
    throw new UserError({
      code: 'setting',
      message: `${name}_FILE names a file that cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      nextSteps: ['Mend the path, or the rights of the file.'],
    });
  }
};
