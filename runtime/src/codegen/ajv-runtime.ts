/** What generated validators call: the few helpers of ajv's standalone code, and the formats that contracts may name. */
import { fullFormats } from 'ajv-formats/dist/formats.js';

/** Length in code points, as JSON Schema counts it. */
export const ucs2length = (text: string): number => {
  let length = text.length;
  for (let at = 0; at < text.length - 1; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(at + 1);
    if (next < 0xdc00 || next > 0xdfff) continue;
    length -= 1;
    at += 1;
  }
  return length;
};

/** Equality of JSON values: the order of properties does not count. */
export const equal = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]))
    );
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) => Object.hasOwn(b, key) && equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
};

/** Whether a number is a multiple of another as their decimal texts say it: 0.07 of 0.01, where 0.07 / 0.01 is 7.000000000000001. */
export const isMultipleOf = (value: number, divisor: number): boolean => {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0;
  const a = decimal(value);
  const b = decimal(divisor);
  const exponent = Math.min(a.exponent, b.exponent);
  // Far apart in magnitude: aligned, they would be numbers of thousands of digits.
  if (Math.max(a.exponent, b.exponent) - exponent > 700) return a.digits === 0n;
  const scaled = (part: { digits: bigint; exponent: number }): bigint =>
    part.digits * 10n ** BigInt(part.exponent - exponent);
  return scaled(a) % scaled(b) === 0n;
};

/** 1.5e-7 is 15 times 10 to the power of -8. */
const decimal = (value: number): { digits: bigint; exponent: number } => {
  const [mantissa = '0', power = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
};

interface AssertedFormat {
  readonly validate: (value: never) => boolean;
}

type Definition = true | RegExp | ((value: never) => boolean) | { readonly validate: unknown };

const asserted = (definition: Definition): AssertedFormat => {
  if (definition === true) return { validate: () => true };
  if (definition instanceof RegExp) return { validate: (text: string) => definition.test(text) };
  if (typeof definition === 'function') return { validate: definition };
  return asserted(definition.validate as Definition);
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const offset = /(?:z|[+-]\d\d:\d\d)$/i;

const text = (name: keyof typeof fullFormats): ((text: string) => boolean) =>
  asserted(fullFormats[name] as Definition).validate as (text: string) => boolean;
const time = text('time');
const dateTime = text('date-time');

/**
 * By name. Where ajv-formats lets more pass than the standards it names, they are read to the letter: RFC 4122 has no `urn:` in a
 * UUID, RFC 3339 a `T` between date and time and a colon in the offset, base64 no second line. An int64 beyond 2^53 is refused:
 * a number of JavaScript would hold its neighbour instead.
 */
export const formats: Readonly<Record<string, AssertedFormat>> = {
  ...Object.fromEntries(
    Object.entries(fullFormats).map(([name, definition]) => [name, asserted(definition as Definition)]),
  ),
  uuid: asserted(uuid),
  byte: asserted(base64),
  time: { validate: (value: string) => offset.test(value) && time(value) },
  'date-time': {
    validate: (value: string) => value.charAt(10).toUpperCase() === 'T' && offset.test(value) && dateTime(value),
  },
  int64: { validate: (value: number) => Number.isSafeInteger(value) },
};
