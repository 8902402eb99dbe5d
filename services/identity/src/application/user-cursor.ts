import type { PlaceInList } from './ports.ts';

/** Where the next page of accounts starts, as text that means nothing to a client. */
export const cursorOf = ({ createdAt, id }: PlaceInList): string =>
  Buffer.from(JSON.stringify([createdAt.toISOString(), id])).toString('base64url');

/** @returns undefined for what is no cursor of this list */
export function placeOf(cursor: string): PlaceInList | undefined {
  const [instant, id] = listIn(Buffer.from(cursor, 'base64url').toString());
  if (typeof instant !== 'string' || !/^\d{4}-/.test(instant)) return undefined;
  if (typeof id !== 'string' || !uuid.test(id)) return undefined;
  const createdAt = new Date(instant);
  return Number.isNaN(createdAt.getTime()) ? undefined : { createdAt, id };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function listIn(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
