import type { SourcePosition } from '../model/workspace.ts';

/** A text that has been read, able to say where an offset stands in it. */
export interface SourceText {
  /** Relative to the workspace's root, with `/`. */
  readonly path: string;
  positionAt(offset: number): { readonly line: number; readonly column: number };
}

/** Where one entry of an object or array stands. */
export interface EntryPlace {
  readonly text: SourceText;
  /** Offset of the key; of the value itself in an array. */
  readonly key: number;
  readonly value: number;
}

/** Where an object or array and its entries stand. */
export interface Place {
  readonly text: SourceText;
  /** Offset of the key that introduces it. */
  readonly start: number;
  readonly entries: ReadonlyMap<string, EntryPlace>;
}

/** Remembers for each object and array where it was written, also for copies of it. */
export class Places {
  readonly #places = new WeakMap<object, Place>();

  set(container: object, place: Place): void {
    this.#places.set(container, place);
  }

  get(container: object): Place | undefined {
    return this.#places.get(container);
  }

  /** Says that `copy` stands where `original` stands. */
  copy(original: object, copy: object): void {
    const place = this.#places.get(original);
    if (place) this.#places.set(copy, place);
  }

  /** Says that `merged` stands where `target` stands, with entries of both; those of `target` win. */
  merge(base: object, target: object, merged: object): void {
    const under = this.#places.get(base);
    const over = this.#places.get(target);
    if (over) this.#places.set(merged, { ...over, entries: new Map([...(under?.entries ?? []), ...over.entries]) });
  }

  /** The key under which a container or one of its entries stands. */
  at(container: object, key?: string | number): SourcePosition {
    const place = this.#found(container);
    const entry = key === undefined ? undefined : place.entries.get(String(key));
    return entry ? position(entry.text, entry.key) : position(place.text, place.start);
  }

  /** The value of an entry rather than its key. */
  atValue(container: object, key: string | number): SourcePosition {
    const place = this.#found(container);
    const entry = place.entries.get(String(key));
    return entry ? position(entry.text, entry.value) : position(place.text, place.start);
  }

  #found(container: object): Place {
    const place = this.#places.get(container);
    if (!place) throw new Error('an object without a place in a source text');
    return place;
  }
}

const position = (text: SourceText, offset: number): SourcePosition => ({
  file: text.path,
  ...text.positionAt(offset),
});
