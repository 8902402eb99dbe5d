import type { Place } from './ports.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** A place in a list, opaque to clients: the base64url of `["2037-03-02T09:00:00.000Z","<booking id>"]`. */
export const writeCursor = ({ startsAt, id }: Place): string =>
  Buffer.from(JSON.stringify([startsAt.toISOString(), id])).toString('base64url');

/** The place that a cursor names; undefined if it is none of ours. */
export function readCursor(cursor: string): Place | undefined {
  const parts = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Array.isArray(parts) || parts.length !== 2) return undefined;
  const [start, id] = parts as readonly unknown[];
  if (typeof start !== 'string' || !INSTANT.test(start) || typeof id !== 'string' || !UUID.test(id)) return undefined;
  const startsAt = new Date(start);
  return Number.isNaN(startsAt.getTime()) ? undefined : { startsAt, id };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
