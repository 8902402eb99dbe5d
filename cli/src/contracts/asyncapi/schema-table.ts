import { valueAt } from '../../source/json-pointer.ts';
import { isObject, setOwn } from '../../source/structure-reader.ts';
import type { JsonSchema } from '../../model/workspace.ts';
import type { Bundle } from '../bundle/bundle.ts';

/** The schemas of a contract's messages by name: components keep theirs, what stands in a message gets one. */
export class SchemaTable {
  readonly #bundle: Bundle;
  readonly #schemas = new Map<string, JsonSchema>();

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
  }

  /** Takes in a schema with all that it refers to and returns its name. */
  add(schema: unknown, name: string): string {
    const plain = unwrap(schema);
    const component = isObject(plain) && Object.keys(plain).length === 1 ? componentName(plain['$ref']) : undefined;
    if (component !== undefined) {
      this.#addComponent(component);
      return component;
    }
    const free = this.#freeName(name);
    this.#schemas.set(free, toSchema(plain));
    this.#addReferred(plain, new Set());
    return free;
  }

  sorted(): Readonly<Record<string, JsonSchema>> {
    const sorted: Record<string, JsonSchema> = {};
    for (const name of [...this.#schemas.keys()].sort()) setOwn(sorted, name, this.#schemas.get(name));
    return sorted;
  }

  #addComponent(name: string): void {
    if (this.#schemas.has(name)) return;
    const schema = unwrap(valueAt(this.#bundle.root, ['components', 'schemas', name]));
    this.#schemas.set(name, toSchema(schema));
    this.#addReferred(schema, new Set());
  }

  #addReferred(value: unknown, seen: Set<unknown>): void {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    const component = isObject(value) ? componentName(value['$ref']) : undefined;
    if (component !== undefined) this.#addComponent(component);
    for (const inner of Object.values(value)) this.#addReferred(inner, seen);
  }

  #freeName(name: string): string {
    const isTaken = (candidate: string): boolean =>
      this.#schemas.has(candidate) || valueAt(this.#bundle.root, ['components', 'schemas', candidate]) !== undefined;
    let free = name;
    for (let count = 2; isTaken(free); count += 1) free = `${name}${count}`;
    return free;
  }
}

/** A schema without the object that says its format. */
export const unwrap = (schema: unknown): unknown =>
  isObject(schema) && Object.hasOwn(schema, 'schema') && !Object.hasOwn(schema, '$ref') ? schema['schema'] : schema;

const toSchema = (value: unknown): JsonSchema => (isObject(value) || typeof value === 'boolean' ? value : true);

const componentName = (ref: unknown): string | undefined => {
  const match = typeof ref === 'string' ? /^#\/components\/schemas\/([^/]+)$/.exec(ref) : null;
  return match?.[1] === undefined
    ? undefined
    : decodeURIComponent(match[1]).replaceAll('~1', '/').replaceAll('~0', '~');
};
