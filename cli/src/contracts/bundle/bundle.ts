import { escapeToken, parsePointer, valueAt } from '../../source/json-pointer.ts';
import type { Places } from '../../source/places.ts';
import { isObject } from '../../source/structure-reader.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A part of a bundled document and where it stands in it. */
export interface Part {
  readonly value: Fields;
  readonly pointer: string;
}

/** A document in one piece. Reading it never throws: what has the wrong shape was reported and counts as absent. */
export class Bundle {
  readonly root: Fields;
  readonly places: Places;
  /** Source file of the document, relative to the workspace's root. */
  readonly file: string;

  constructor(options: { root: Fields; places: Places; file: string }) {
    this.root = options.root;
    this.places = options.places;
    this.file = options.file;
  }

  get document(): Part {
    return { value: this.root, pointer: '' };
  }

  /** The object at a key, references followed. */
  object(part: Part, key: string | number): Part | undefined {
    return this.follow(
      Object.getOwnPropertyDescriptor(part.value, key)?.value,
      `${part.pointer}/${escapeToken(String(key))}`,
    );
  }

  /** The entries of a map at a key, references followed. */
  entries(part: Part, key: string): readonly (readonly [string, Part])[] {
    const map = this.object(part, key);
    if (!map) return [];
    return Object.keys(map.value).flatMap((name) => {
      const entry = this.object(map, name);
      return entry ? [[name, entry] as const] : [];
    });
  }

  /** The objects of a list at a key, references followed. */
  items(part: Part, key: string): readonly Part[] {
    const list = part.value[key];
    if (!Array.isArray(list)) return [];
    return list.flatMap((item, index) => this.follow(item, `${part.pointer}/${escapeToken(key)}/${index}`) ?? []);
  }

  /** What a value is, after all references; undefined when it is no object. */
  follow(value: unknown, pointer: string): Part | undefined {
    let current = value;
    let at = pointer;
    for (let steps = 0; steps < 50; steps += 1) {
      if (!isObject(current)) return undefined;
      const ref = current['$ref'];
      if (typeof ref !== 'string') return { value: current, pointer: at };
      const target = this.target(ref);
      [current, at] = [target?.value, target?.pointer ?? at];
    }
    return undefined;
  }

  /** Where a local reference leads, further references not followed. */
  target(ref: string): { readonly value: unknown; readonly pointer: string } | undefined {
    const pointer = ref.startsWith('#') ? decodeURIComponent(ref.slice(1)) : undefined;
    const tokens = pointer === undefined ? undefined : parsePointer(pointer);
    return tokens && pointer !== undefined ? { value: valueAt(this.root, tokens), pointer } : undefined;
  }

  at(pointer: string): unknown {
    return valueAt(this.root, parsePointer(pointer) ?? []);
  }
}

export const textAt = (value: Fields, key: string): string | undefined => {
  const text = value[key];
  return typeof text === 'string' ? text : undefined;
};

export const textsAt = (value: Fields, key: string): readonly string[] => {
  const list = value[key];
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
};

/** `{ [key]: value }`, or nothing for undefined: optional fields are absent, not undefined. */
export const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
