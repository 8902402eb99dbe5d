import { isObject } from '../../source/structure-reader.ts';

/** Checks a text or number of a format. */
export type FormatCheck = (value: string | number) => boolean;

export interface VerdictContext {
  /** The schema that a local reference leads to. */
  readonly resolve: (ref: string) => unknown;
  /** Undefined for a format that asserts nothing. */
  readonly format: (name: string) => FormatCheck | undefined;
}

/** Undefined where only ajv can say. */
export type Verdict = boolean | undefined;

/**
 * Whether a value fits a schema, as far as walking the schema tells. Nearly all examples fit, and this costs a tenth of compiling their
 * schemas: what does not fit, or needs a keyword that is not known here, is left to ajv, whose verdict counts.
 */
export const quickVerdict = (value: unknown, schema: unknown, context: VerdictContext, depth = 0): Verdict => {
  if (typeof schema === 'boolean') return schema;
  if (!isObject(schema) || depth > 60) return undefined;
  const fits = (inner: unknown, part: unknown): Verdict => quickVerdict(inner, part, context, depth + 1);
  return all(Object.entries(schema), ([keyword, expected]) => {
    if (keyword.startsWith('x-') || silent.has(keyword)) return true;
    const check = Object.hasOwn(checks, keyword) ? checks[keyword] : undefined;
    return check?.({ value, expected, schema, fits, context });
  });
};

interface Check {
  readonly value: unknown;
  readonly expected: unknown;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly fits: (value: unknown, schema: unknown) => Verdict;
  readonly context: VerdictContext;
}

const silent = new Set(
  (
    '$comment $defs $schema title description default deprecated readOnly writeOnly example examples externalDocs discriminator ' +
    'definitions then else'
  ).split(' '),
);

/** False as soon as one is false, undefined if none is and one is undefined. */
const all = <T>(parts: readonly T[], verdictOf: (part: T, index: number) => Verdict): Verdict => {
  let verdict: Verdict = true;
  for (const [index, part] of parts.entries()) {
    const own = verdictOf(part, index);
    if (own === false) return false;
    if (own === undefined) verdict = undefined;
  }
  return verdict;
};

const some = <T>(parts: readonly T[], verdictOf: (part: T) => Verdict): Verdict =>
  not(all(parts, (part) => not(verdictOf(part))));
const not = (verdict: Verdict): Verdict => (verdict === undefined ? undefined : !verdict);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const forNumber =
  (holds: (value: number, bound: number) => Verdict) =>
  ({ value, expected }: Check): Verdict =>
    typeof value !== 'number' || (typeof expected === 'number' ? holds(value, expected) : undefined);
const forSize =
  (sizeOf: (value: unknown) => number | undefined, holds: (size: number, bound: number) => boolean) =>
  ({ value, expected }: Check): Verdict => {
    const size = sizeOf(value);
    return size === undefined || (typeof expected === 'number' ? holds(size, expected) : undefined);
  };
const atMost = (size: number, bound: number): boolean => size <= bound;
const atLeast = (size: number, bound: number): boolean => size >= bound;
const length = (value: unknown): number | undefined => (typeof value === 'string' ? [...value].length : undefined);
const items = (value: unknown): number | undefined => (Array.isArray(value) ? value.length : undefined);
const properties = (value: unknown): number | undefined => (isObject(value) ? Object.keys(value).length : undefined);

const isOfType = (value: unknown, type: unknown): boolean => {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
};

const isSame = (a: unknown, b: unknown): Verdict => {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  return JSON.stringify(a) === JSON.stringify(b) ? true : undefined;
};

const hasMatch = (patterns: unknown, name: string): boolean =>
  isObject(patterns) && Object.keys(patterns).some((pattern) => new RegExp(pattern, 'u').test(name));

const checks: Readonly<Record<string, (check: Check) => Verdict>> = {
  $ref: ({ value, expected, fits, context }) =>
    typeof expected === 'string' ? fits(value, context.resolve(expected)) : undefined,
  type: ({ value, expected }) => [expected].flat().some((type) => isOfType(value, type)),
  enum: ({ value, expected }) => some(listOf(expected), (one) => isSame(one, value)),
  const: ({ value, expected }) => isSame(expected, value),
  minimum: forNumber(atLeast),
  maximum: forNumber(atMost),
  exclusiveMinimum: forNumber((value, bound) => value > bound),
  exclusiveMaximum: forNumber((value, bound) => value < bound),
  multipleOf: forNumber((value, step) =>
    Number.isInteger(value) && Number.isInteger(step) ? value % step === 0 : undefined,
  ),
  maxLength: forSize(length, atMost),
  minLength: forSize(length, atLeast),
  maxItems: forSize(items, atMost),
  minItems: forSize(items, atLeast),
  maxProperties: forSize(properties, atMost),
  minProperties: forSize(properties, atLeast),
  pattern: ({ value, expected }) =>
    typeof value !== 'string' || (typeof expected === 'string' ? new RegExp(expected, 'u').test(value) : undefined),
  format: ({ value, expected, context }) =>
    (typeof value !== 'string' && typeof value !== 'number') || (context.format(String(expected))?.(value) ?? true),
  uniqueItems: ({ value, expected }) => {
    if (expected !== true || !Array.isArray(value)) return true;
    return value.every((item) => typeof item === 'string') ? new Set(value).size === value.length : undefined;
  },
  required: ({ value, expected }) =>
    !isObject(value) || listOf(expected).every((name) => Object.hasOwn(value, String(name))),
  properties: ({ value, expected, fits }) => {
    if (!isObject(value)) return true;
    return isObject(expected)
      ? all(Object.entries(value), ([name, inner]) => !Object.hasOwn(expected, name) || fits(inner, expected[name]))
      : undefined;
  },
  patternProperties: ({ value, expected, fits }) => {
    if (!isObject(value) || !isObject(expected)) return true;
    return all(Object.entries(expected), ([pattern, part]) =>
      all(Object.entries(value), ([name, inner]) => !new RegExp(pattern, 'u').test(name) || fits(inner, part)),
    );
  },
  additionalProperties: ({ value, expected, schema, fits }) => {
    if (!isObject(value)) return true;
    const known = isObject(schema['properties']) ? schema['properties'] : {};
    return all(
      Object.entries(value),
      ([name, inner]) =>
        Object.hasOwn(known, name) || hasMatch(schema['patternProperties'], name) || fits(inner, expected),
    );
  },
  propertyNames: ({ value, expected, fits }) =>
    !isObject(value) || all(Object.keys(value), (name) => fits(name, expected)),
  prefixItems: ({ value, expected, fits }) =>
    !Array.isArray(value) || all(listOf(expected), (part, index) => index >= value.length || fits(value[index], part)),
  items: ({ value, expected, schema, fits }) => {
    if (!Array.isArray(value)) return true;
    return Array.isArray(expected)
      ? undefined
      : all(value.slice(listOf(schema['prefixItems']).length), (item) => fits(item, expected));
  },
  allOf: ({ value, expected, fits }) => all(listOf(expected), (part) => fits(value, part)),
  anyOf: ({ value, expected, fits }) => some(listOf(expected), (part) => fits(value, part)),
  oneOf: ({ value, expected, fits }) => {
    const verdicts = listOf(expected).map((part) => fits(value, part));
    return verdicts.includes(undefined) ? undefined : verdicts.filter(Boolean).length === 1;
  },
  not: ({ value, expected, fits }) => not(fits(value, expected)),
  if: ({ value, expected, schema, fits }) => {
    const verdict = fits(value, expected);
    if (verdict === undefined) return undefined;
    const part = schema[verdict ? 'then' : 'else'];
    return part === undefined || fits(value, part);
  },
};
