import { readFileSync } from 'node:fs';
import { environmentName } from './environment-name.ts';
import { parseDuration } from './parse-duration.ts';
import { urlCredentials } from './url-password.ts';
import { STRONG, weaknessOf } from './weak-secret.ts';
import type { ConfigurationOf, ConfigurationSchema, SettingDefinition } from './schema.ts';

/** One setting that cannot be used. Neither part ever holds the value itself, which may be a secret. */
export interface SettingFault {
  /** Name of the environment variable. */
  readonly name: string;
  /** What was expected: `an integer from 1 to 65535`. */
  readonly expected: string;
  readonly problem: 'missing' | 'invalid' | 'unreadable' | 'weak';
}

export interface ReadOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In production a secret must be given, and be more than a placeholder. */
  readonly production: boolean;
}

/**
 * Reads a schema's settings from the environment: `<PREFIX>_<SETTING>`, a secret first from the file that `<PREFIX>_<SETTING>_FILE`
 * names. An empty variable counts as absent. All faults are found in one go; the values are complete only if there are none.
 */
export const readSettings = <S extends ConfigurationSchema>(
  schema: S,
  prefix: string,
  options: ReadOptions,
): { readonly values: ConfigurationOf<S>; readonly faults: readonly SettingFault[] } => {
  const faults: SettingFault[] = [];
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [property, definition] of Object.entries(schema)) {
    const name = environmentName(prefix, property);
    const expected = expectation(definition);
    const text = textOf(name, definition, options.env);
    if (text === unreadable) {
      faults.push({ name: `${name}_FILE`, expected: 'a readable file', problem: 'unreadable' });
      continue;
    }
    const secret = isSecret(definition);
    if (text === undefined) {
      if ('developmentDefault' in definition && definition.developmentDefault !== undefined && !options.production) {
        values[property] = parsed(definition, String(definition.developmentDefault));
      } else if (
        definition.default === undefined ||
        (secret === true && options.production && definition.default !== '')
      ) {
        faults.push({ name, expected, problem: 'missing' });
      } else values[property] = parsed(definition, String(definition.default));
      continue;
    }
    const value = parsed(definition, text);
    const weakness =
      secret !== false && options.production ? weak(text, { secret, definition, prefix, name }) : undefined;
    if (value === undefined) faults.push({ name, expected, problem: 'invalid' });
    else if (weakness !== undefined) faults.push({ name, expected: weakness, problem: 'weak' });
    else values[property] = value;
  }
  return { values: values as ConfigurationOf<S>, faults };
};

const isSecret = (definition: SettingDefinition): boolean | 'url' =>
  definition.type === 'string' ? (definition.secret ?? false) : false;

interface Secret {
  readonly secret: true | 'url';
  readonly definition: SettingDefinition;
  readonly prefix: string;
  readonly name: string;
}

/** What is expected of a secret that is weak; undefined if it is not. */
const weak = (text: string, { secret, definition, prefix, name }: Secret): string | undefined => {
  const credentials = secret === 'url' ? urlCredentials(text) : undefined;
  if (secret === 'url' && (credentials === undefined || credentials.password === '')) return undefined;
  const value = credentials?.password ?? text;
  const why =
    text === definition.default ? 'it is the default' : weaknessOf(value, [prefix, name, credentials?.user ?? '']);
  if (why === undefined) return undefined;
  return `${secret === 'url' ? "its URL's password to have" : 'a secret of'} ${STRONG} (${why})`;
};

const unreadable = Symbol('unreadable');

const textOf = (
  name: string,
  definition: SettingDefinition,
  env: ReadOptions['env'],
): string | undefined | typeof unreadable => {
  const file = isSecret(definition) === false ? undefined : env[`${name}_FILE`];
  if (file === undefined || file === '') return env[name] || undefined;
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined;
  } catch {
    return unreadable;
  }
};

/** The value that the text stands for; undefined if it stands for none. */
const parsed = (definition: SettingDefinition, text: string): string | number | boolean | undefined => {
  switch (definition.type) {
    case 'string':
      return definition.pattern === undefined ||
        text === definition.default ||
        new RegExp(definition.pattern, 'u').test(text)
        ? text
        : undefined;
    case 'integer': {
      const number = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
      const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = definition;
      return number >= minimum && number <= maximum ? number : undefined;
    }
    case 'boolean':
      return { true: true, false: false }[text];
    case 'duration':
      return parseDuration(text);
  }
};

const expectation = (definition: SettingDefinition): string => {
  switch (definition.type) {
    case 'string':
      if (definition.secret === true)
        return 'a secret (or the name of a file that holds it, in the variable that ends in _FILE)';
      if (definition.secret === 'url')
        return 'a URL (or the name of a file that holds it, in the variable that ends in _FILE)';
      return definition.pattern === undefined ? 'a text' : `a text that matches ${definition.pattern}`;
    case 'integer': {
      const { minimum, maximum } = definition;
      const bounds = [
        minimum === undefined ? '' : ` from ${minimum}`,
        maximum === undefined ? '' : ` up to ${maximum}`,
      ];
      return `an integer${bounds.join('')}`;
    }
    case 'boolean':
      return 'true or false';
    case 'duration':
      return 'an ISO 8601 duration such as PT15M';
  }
};
