import { isObject } from '../../source/structure-reader.ts';
import type { FormatCheck } from './quick-verdict.ts';

/** The checks of ajv-formats by name, without ajv itself. */
export const formatChecks = async (): Promise<(name: string) => FormatCheck | undefined> => {
  const { fullFormats } = (await import('ajv-formats/dist/formats.js')) as {
    fullFormats: Readonly<Record<string, unknown>>;
  };
  return (name) => (Object.hasOwn(fullFormats, name) ? checkOf(fullFormats[name]) : undefined);
};

const checkOf = (definition: unknown): FormatCheck | undefined => {
  if (definition instanceof RegExp) return (value) => typeof value !== 'string' || definition.test(value);
  if (typeof definition === 'function') return (value) => typeof value !== 'string' || definition(value) === true;
  if (!isObject(definition)) return undefined;
  const inner = checkOf(definition['validate']);
  const { type, validate } = definition;
  if (type !== 'number') return inner;
  return (value) => typeof value !== 'number' || typeof validate !== 'function' || validate(value) === true;
};
