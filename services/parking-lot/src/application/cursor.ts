/** A place in a list that is ordered by a number first and by an id among equals. */
export interface Place {
  readonly key: number;
  readonly id: string;
}

/** A list as a cursor remembers it: the operation and all that decides what is in the list, and in which order. */
export type ListName = readonly unknown[];

/** The cursor of what comes after the place. */
export const cursorAfter = (list: ListName, { key, id }: Place): string =>
  Buffer.from(JSON.stringify([key, id, fingerprint(list)])).toString('base64url');

/** The place that the cursor means; `undefined` without a cursor, `invalid` if it was not made for this list. */
export function placeAt(list: ListName, cursor: string | undefined): Place | undefined | 'invalid' {
  if (cursor === undefined) return undefined;
  const [key, id, made] = parse(Buffer.from(cursor, 'base64url').toString());
  if (typeof key !== 'number' || typeof id !== 'string' || made !== fingerprint(list)) return 'invalid';
  return { key, id };
}

function parse(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): tells lists apart, and protects nothing. */
function fingerprint(list: ListName): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(JSON.stringify(list))) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36);
}
