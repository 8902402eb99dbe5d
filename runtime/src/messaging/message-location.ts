/** Reading and writing the places that an envelope names (JSON pointers, RFC 6901). */
import type { MessageLocation } from './contract.ts';

/** Those of contracts: there are few, and each is asked for with every message. */
const known = new Map<string, readonly string[]>();

function segmentsOf(pointer: string): readonly string[] {
  const found = known.get(pointer);
  if (found) return found;
  const parts = pointer === '' ? [] : pointer.slice(1).split('/');
  const segments = parts.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  known.set(pointer, segments);
  return segments;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Name of the header that a location in the headers points to. */
export const headerName = (location: MessageLocation): string => segmentsOf(location.pointer)[0] ?? '';

/** Headers are found whatever their case. */
export function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  if (Object.hasOwn(headers, name)) return headers[name];
  const lower = name.toLowerCase();
  const found = Object.keys(headers).find((key) => key.toLowerCase() === lower);
  return found === undefined ? undefined : headers[found];
}

/** The value at a location; undefined if there is none. */
export function valueAt(
  location: MessageLocation | undefined,
  message: { readonly payload: unknown; readonly headers: Readonly<Record<string, string>> },
): unknown {
  if (!location) return undefined;
  if (location.in === 'header') return headerOf(message.headers, headerName(location));
  let value = message.payload;
  for (const segment of segmentsOf(location.pointer)) {
    if (!isObject(value) || !Object.hasOwn(value, segment)) return undefined;
    value = value[segment];
  }
  return value;
}

/** `payload` with `value` at the pointer; objects on the way are made, what is there already is copied and not changed. */
export const withValueAt = (payload: unknown, pointer: string, value: unknown): unknown =>
  withValue(payload, segmentsOf(pointer), 0, value);

function withValue(payload: unknown, segments: readonly string[], depth: number, value: unknown): unknown {
  const name = segments[depth];
  if (name === undefined) return value;
  const inner = isObject(payload) && Object.hasOwn(payload, name) ? payload[name] : undefined;
  const changed = withValue(inner, segments, depth + 1, value);
  if (Array.isArray(payload)) return payload.map((item: unknown, index) => (String(index) === name ? changed : item));
  // A computed key in a literal makes a property of any name, __proto__ too.
  return { ...(isObject(payload) ? payload : {}), [name]: changed };
}
