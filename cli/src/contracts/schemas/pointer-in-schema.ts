import { parsePointer } from '../../source/json-pointer.ts';
import type { Bundle, Part } from '../bundle/bundle.ts';

/** The step of a pointer that a schema does not know, and what it could have been. */
export interface MissingStep {
  readonly step: string;
  readonly names: readonly string[];
}

/** Undefined when a value of the schema at `schemaPointer` may have something at `pointer`. */
export const missingPointer = (bundle: Bundle, schemaPointer: string, pointer: string): MissingStep | undefined => {
  let schemas = schemasAt(bundle, schemaPointer);
  for (const step of parsePointer(pointer) ?? []) {
    const next = schemas.flatMap((schema) => stepInto(bundle, schema, step));
    if (next.length === 0) {
      return { step, names: schemas.flatMap((schema) => bundle.entries(schema, 'properties').map(([name]) => name)) };
    }
    schemas = next;
  }
  return undefined;
};

/** The schemas of everything that stands at `pointer` in values of the given schemas. */
export const stepsInto = (bundle: Bundle, from: readonly Part[], pointer: string): readonly Part[] => {
  let schemas = from;
  for (const step of parsePointer(pointer) ?? []) schemas = schemas.flatMap((schema) => stepInto(bundle, schema, step));
  return schemas;
};

const schemasAt = (bundle: Bundle, pointer: string): readonly Part[] => {
  const part = bundle.follow(bundle.at(pointer), pointer);
  return part ? withParts(bundle, part, new Set()) : [];
};

/** A schema together with those that apply to the same value: allOf, and each of the alternatives. */
export const withParts = (bundle: Bundle, part: Part, seen: Set<unknown>): readonly Part[] => {
  if (seen.has(part.value)) return [];
  seen.add(part.value);
  const beside = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => bundle.items(part, keyword));
  const conditional = ['then', 'else'].flatMap((keyword) => bundle.object(part, keyword) ?? []);
  return [part, ...[...beside, ...conditional].flatMap((other) => withParts(bundle, other, seen))];
};

const stepInto = (bundle: Bundle, schema: Part, step: string): readonly Part[] => {
  const found: Part[] = [];
  const properties = bundle.object(schema, 'properties');
  const property = properties && Object.hasOwn(properties.value, step) ? bundle.object(properties, step) : undefined;
  if (property) found.push(property);
  else if (properties?.value[step] === true) found.push({ value: {}, pointer: `${properties.pointer}/${step}` });
  if (found.length === 0) {
    const additional = bundle.object(schema, 'additionalProperties');
    if (additional) found.push(additional);
  }
  const isIndex = /^(0|[1-9]\d*)$/.test(step);
  if (isIndex || step === '-' || step === '*') {
    const positional = isIndex ? bundle.items(schema, 'prefixItems')[Number(step)] : undefined;
    const items = positional ?? bundle.object(schema, 'items');
    if (items) found.push(items);
  }
  return found.flatMap((part) => withParts(bundle, part, new Set()));
};
