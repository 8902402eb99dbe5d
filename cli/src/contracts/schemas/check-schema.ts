import type { FindingList } from '../../source/finding-list.ts';
import { didYouMean } from '../../source/did-you-mean.ts';
import { isObject } from '../../source/structure-reader.ts';
import type { Places } from '../../source/places.ts';
import type { Fields } from '../bundle/bundle.ts';
import { assertedFormats, silentFormats } from '../../model/asserted-formats.ts';
import { isSlowPattern } from './slow-pattern.ts';

interface Context {
  readonly places: Places;
  readonly findings: FindingList;
}

/** Faults of one schema that its own keywords show; its subschemas are checked one by one. */
export const checkSchema = (schema: Fields, context: Context): void => {
  checkPatterns(schema, context);
  checkFormat(schema, context);
  checkBounds(schema, context);
  checkKeywordsFitType(schema, context);
  checkValues(schema, context);
  checkProperties(schema, context);
};

const checkPatterns = (schema: Fields, { places, findings }: Context): void => {
  const report = (pattern: string, position: ReturnType<Places['at']>): void => {
    const fault = patternFault(pattern);
    if (fault !== undefined) {
      findings.error('invalid-pattern', position, {
        message: `"${pattern}" is no regular expression: ${fault}.`,
        hint: 'Write a regular expression of ECMA-262 as with the flag "u".',
      });
    } else if (isSlowPattern(pattern)) {
      findings.error('slow-pattern', position, {
        message: `Some texts take "${pattern}" exponential time.`,
        hint: 'Do not repeat a group that repeats or offers the same again: write a+ instead of (a+)+.',
      });
    }
  };
  if (typeof schema['pattern'] === 'string') report(schema['pattern'], places.atValue(schema, 'pattern'));
  const patterns = schema['patternProperties'];
  if (isObject(patterns)) for (const pattern of Object.keys(patterns)) report(pattern, places.at(patterns, pattern));
};

const patternFault = (pattern: string): string | undefined => {
  try {
    new RegExp(pattern, 'u').test('');
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError)
      return error.message.replace(/^Invalid regular expression: \/.*\/u?: /s, '').toLowerCase();
    throw error;
  }
};

const checkFormat = (schema: Fields, { places, findings }: Context): void => {
  const { format } = schema;
  if (typeof format !== 'string' || assertedFormats.has(format) || silentFormats.has(format)) return;
  findings.warning('format-not-asserted', places.atValue(schema, 'format'), {
    message: `The format "${format}" is not checked.${didYouMean(format, assertedFormats)}`,
    hint: `Formats that are checked: ${[...assertedFormats].join(', ')}. Say the rest by "pattern".`,
  });
};

const pairs = [
  ['minimum', 'maximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minProperties', 'maxProperties'],
  ['minContains', 'maxContains'],
] as const;

const checkBounds = (schema: Fields, { places, findings }: Context): void => {
  const report = (key: string, message: string): void =>
    findings.error('impossible-bounds', places.atValue(schema, key), {
      message,
      hint: 'Mend the bounds: no value fits them.',
    });
  const number = (key: string): number | undefined => (typeof schema[key] === 'number' ? schema[key] : undefined);
  for (const [low, high] of pairs) {
    const [least, most] = [number(low), number(high)];
    if (least !== undefined && most !== undefined && least > most)
      report(low, `${low} ${least} is above ${high} ${most}.`);
  }
  for (const [low, high] of [
    ['exclusiveMinimum', 'maximum'],
    ['minimum', 'exclusiveMaximum'],
    ['exclusiveMinimum', 'exclusiveMaximum'],
  ] as const) {
    const [least, most] = [number(low), number(high)];
    if (least !== undefined && most !== undefined && least >= most)
      report(low, `${low} ${least} leaves nothing below ${high} ${most}.`);
  }
  const step = number('multipleOf');
  if (step !== undefined && step <= 0) report('multipleOf', `multipleOf is ${step} and has to be above 0.`);
};

const keywordTypes: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum'].map((key) => [
      key,
      ['number', 'integer'],
    ]),
  ),
  ...Object.fromEntries(['maxLength', 'minLength', 'pattern'].map((key) => [key, ['string']])),
  ...Object.fromEntries(
    [
      'items',
      'prefixItems',
      'contains',
      'maxItems',
      'minItems',
      'uniqueItems',
      'unevaluatedItems',
      'additionalItems',
    ].map((key) => [key, ['array']]),
  ),
  ...Object.fromEntries(
    [
      'properties',
      'patternProperties',
      'additionalProperties',
      'unevaluatedProperties',
      'required',
      'maxProperties',
      'minProperties',
      'propertyNames',
    ].map((key) => [key, ['object']]),
  ),
};

export const typesOf = (schema: Fields): readonly string[] | undefined => {
  const { type } = schema;
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? (type as string[]) : undefined;
};

const checkKeywordsFitType = (schema: Fields, { places, findings }: Context): void => {
  const types = typesOf(schema);
  if (!types) return;
  for (const key of Object.keys(schema)) {
    const fitting = Object.hasOwn(keywordTypes, key) ? keywordTypes[key] : undefined;
    if (!fitting || fitting.some((type) => types.includes(type))) continue;
    findings.error('keyword-without-effect', places.at(schema, key), {
      message: `"${key}" says nothing about a value of type ${types.join(' or ')}.`,
      hint: `It is for type ${fitting[0] ?? ''}: mend the type or remove the keyword.`,
    });
  }
};

const checkValues = (schema: Fields, { places, findings }: Context): void => {
  const types = typesOf(schema);
  const check = (value: unknown, position: ReturnType<Places['at']>, what: string): void => {
    if (!types || types.some((type) => isOfType(value, type))) return;
    findings.error('impossible-value', position, {
      message: `The ${what} ${JSON.stringify(value)} is not of type ${types.join(' or ')}.`,
      hint: 'Mend the value or the type.',
    });
  };
  if (Object.hasOwn(schema, 'const')) check(schema['const'], places.atValue(schema, 'const'), 'const');
  const listed = schema['enum'];
  if (!Array.isArray(listed)) return;
  const seen = new Set<string>();
  listed.forEach((value: unknown, index) => {
    const text = JSON.stringify(value);
    if (seen.has(text)) {
      findings.error('duplicate-value', places.at(listed, index), {
        message: `${text} stands in the enum twice.`,
        hint: 'Remove one of the two.',
      });
    }
    seen.add(text);
    check(value, places.at(listed, index), 'enum value');
  });
};

const isOfType = (value: unknown, type: string): boolean => {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
};

const checkProperties = (schema: Fields, { places, findings }: Context): void => {
  if (schema['readOnly'] === true && schema['writeOnly'] === true) {
    findings.error('impossible-value', places.at(schema, 'writeOnly'), {
      message: 'What is both readOnly and writeOnly is never there.',
      hint: 'Remove one of the two.',
    });
  }
  const { required, properties } = schema;
  const isClosed = schema['additionalProperties'] === false && !isObject(schema['patternProperties']);
  if (!Array.isArray(required) || !isClosed) return;
  const known = isObject(properties) ? Object.keys(properties) : [];
  required.forEach((name: unknown, index) => {
    if (typeof name !== 'string' || known.includes(name)) return;
    findings.error('impossible-required', places.at(required, index), {
      message: `"${name}" is required, and "additionalProperties: false" forbids it.${didYouMean(name, known)}`,
      hint: 'Describe it under "properties", or do not require it.',
    });
  });
};
