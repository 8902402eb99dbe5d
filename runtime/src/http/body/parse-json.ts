/** JSON text to value: bounded in depth, because what recurses over the value later (validators, JSON.stringify) is not. */

export const MAX_JSON_DEPTH = 32;

export type ParsedJson =
  | { readonly value: unknown }
  | { readonly fault: { readonly keyword: 'syntax' | 'depth'; readonly message: string } };

/**
 * Strict RFC 8259: a byte order mark is a syntax fault. Of members with one name the last counts, which is what is then validated;
 * a member called `__proto__` is an own property like any other.
 */
export const parseJson = (text: string): ParsedJson => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: { keyword: 'syntax', message: 'is not well-formed JSON' } };
  }
  // Every level takes two characters at least.
  if (text.length > 2 * MAX_JSON_DEPTH && isDeeperThan(value, MAX_JSON_DEPTH)) {
    return { fault: { keyword: 'depth', message: `is nested deeper than ${MAX_JSON_DEPTH} levels` } };
  }
  return { value };
};

const isDeeperThan = (value: unknown, levels: number): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (isDeeperThan(item, levels - 1)) return true;
    return false;
  }
  for (const name in value) {
    if (isDeeperThan((value as Record<string, unknown>)[name], levels - 1)) return true;
  }
  return false;
};
