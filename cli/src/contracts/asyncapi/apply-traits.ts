import { isObject, setOwn } from '../../source/structure-reader.ts';
import type { Bundle, Fields, Part } from '../bundle/bundle.ts';

/**
 * A message or operation with its traits merged into it, as AsyncAPI 3 has it: JSON Merge Patch (RFC 7396) in the order of the
 * traits, and what the message says itself stays.
 */
export const applyTraits = (bundle: Bundle, part: Part): Part => {
  const traits = bundle.items(part, 'traits');
  if (traits.length === 0) return part;
  const merged = [...traits.map(({ value }) => value), part.value].reduce<Fields>(
    (base, patch) => merge(bundle, base, patch),
    {},
  );
  return { value: merged, pointer: part.pointer };
};

const merge = (bundle: Bundle, base: Fields, patch: Fields): Fields => {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else
      setOwn(
        merged,
        key,
        isObject(value) && isObject(base[key]) && !isReference(value) ? merge(bundle, base[key], value) : value,
      );
  }
  bundle.places.merge(base, patch, merged);
  return merged;
};

const isReference = (value: Fields): boolean => typeof value['$ref'] === 'string';
