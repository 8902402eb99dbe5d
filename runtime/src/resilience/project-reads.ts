/** Only the declared fields of an answer are handed on, so that reading another fails in a test at the latest. */

/** Names wanted below a place; null: the whole of it. */
type Wanted = Map<string, Wanted | null>;

export type Project = (value: unknown) => unknown;

/** @param pointers JSON pointers; where the value has an array, any token stands for every element */
export const compileProjection = (pointers: readonly string[] | undefined): Project => {
  if (!pointers || pointers.includes('')) return (value) => value;
  const root: Wanted = new Map();
  for (const pointer of pointers) {
    const tokens = pointer
      .slice(1)
      .split('/')
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    let level: Wanted | null = root;
    for (const [index, token] of tokens.entries()) {
      if (level === null) break;
      const isLast = index === tokens.length - 1;
      const existing: Wanted | null | undefined = level.get(token);
      if (isLast) level.set(token, null);
      else if (existing === undefined) level.set(token, new Map());
      level = isLast ? null : (level.get(token) ?? null);
    }
  }
  return (value) => project(value, root);
};

const project = (value: unknown, wanted: Wanted | null): unknown => {
  if (wanted === null || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const levels = [...wanted.values()];
    const below: Wanted | null = levels.includes(null) ? null : new Map(levels.flatMap((level) => [...(level ?? [])]));
    return value.map((item) => project(item, below));
  }
  const kept: [string, unknown][] = [];
  for (const [name, below] of wanted) {
    if (Object.hasOwn(value, name)) kept.push([name, project((value as Record<string, unknown>)[name], below)]);
  }
  return Object.fromEntries(kept);
};
