import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { childOf, decodePercent, formatPointer, parsePointer } from './json-pointer.ts';
import { parseSource } from './parse-source.ts';
import type { ParsedSource } from './parse-source.ts';
import { Places } from './places.ts';

/** A place in a file, where a reference leads. */
export interface Target {
  readonly file: ParsedSource;
  /** Where the value really stands: references on the way have been followed. */
  readonly tokens: readonly string[];
  readonly value: unknown;
}

/** Why a reference leads nowhere. */
export interface Unresolved {
  readonly rule:
    | 'unresolved-reference'
    | 'missing-file'
    | 'remote-reference'
    | 'reference-loop'
    | 'construct-not-carried';
  readonly message: string;
  readonly hint: string;
}

export type Resolution = { readonly target: Target } | { readonly problem: Unresolved };

/** All files of a workspace, each read once. Never touches a network. */
export class SourceFiles {
  readonly places = new Places();
  readonly #root: string;
  readonly #files = new Map<string, ParsedSource | undefined>();

  constructor(root: string) {
    this.#root = root;
  }

  /** By path relative to the root; undefined when there is no such file. */
  load(path: string): ParsedSource | undefined {
    if (!this.#files.has(path)) {
      const text = this.#readText(path);
      this.#files.set(path, text === undefined ? undefined : parseSource(path, text, this.places));
    }
    return this.#files.get(path);
  }

  /** Every file read so far. */
  loaded(): readonly ParsedSource[] {
    return [...this.#files.values()].filter((file) => file !== undefined);
  }

  /** Follows a `$ref` that stands in `from`. */
  resolve(from: ParsedSource, ref: string): Resolution {
    const found = this.#locate(from, ref, 0);
    if ('problem' in found) return found;
    return this.#endsSomewhere(found.target, ref) ? found : { problem: loop(ref) };
  }

  #readText(path: string): string | undefined {
    try {
      return readFileSync(join(this.#root, path), 'utf8');
    } catch (error) {
      if (
        error instanceof Error &&
        'code' in error &&
        (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'ENOTDIR')
      ) {
        return undefined;
      }
      throw error;
    }
  }

  #locate(from: ParsedSource, ref: string, depth: number): Resolution {
    if (depth > 50) return { problem: loop(ref) };
    const hash = ref.indexOf('#');
    const address = hash < 0 ? ref : ref.slice(0, hash);
    const file = address === '' ? from : this.#otherFile(from, address);
    if ('problem' in file) return file;
    const fragment = decodePercent(hash < 0 ? '' : ref.slice(hash + 1));
    const tokens = fragment === undefined ? undefined : parsePointer(fragment);
    if (!tokens) {
      const problem: Unresolved = fragment
        ? {
            rule: 'construct-not-carried',
            message: `The reference "${ref}" names an anchor; only JSON pointers are followed.`,
            hint: 'Refer to the place by a JSON pointer such as "#/components/schemas/Order".',
          }
        : unresolved(ref, 'its fragment is not encoded correctly');
      return { problem };
    }
    return this.#walk({ file, tokens: [], value: file.value }, { tokens, ref, depth });
  }

  #otherFile(from: ParsedSource, address: string): ParsedSource | { readonly problem: Unresolved } {
    if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(address)) {
      return {
        problem: {
          rule: 'remote-reference',
          message: `The reference "${address}" leads out of the workspace; nothing is fetched from a network.`,
          hint: 'Copy what it refers to into the workspace and refer to the file.',
        },
      };
    }
    const decoded = decodePercent(address);
    const path = posix.normalize(posix.join(posix.dirname(from.path), decoded ?? ''));
    if (decoded === undefined || decoded.startsWith('/') || path === '..' || path.startsWith('../')) {
      return {
        problem: {
          rule: 'remote-reference',
          message: `The reference "${address}" leads out of the workspace.`,
          hint: 'Refer to files of the workspace by a relative path.',
        },
      };
    }
    const file = this.load(path);
    if (file && file.value !== undefined) return file;
    const message = file ? `The file ${path} could not be read.` : `There is no file ${path}.`;
    return {
      problem: { rule: 'missing-file', message, hint: 'Mend the path; it is relative to the file that refers.' },
    };
  }

  /** A step that is missing may stand behind a reference: `#/channels/orders/messages/OrderPlaced` with channels/orders a `$ref`. */
  #walk(start: Target, { tokens, ref, depth }: { tokens: readonly string[]; ref: string; depth: number }): Resolution {
    let { file, value } = start;
    let at = [...start.tokens];
    for (const token of tokens) {
      const through = childOf(value, '$ref');
      if (childOf(value, token) === undefined && typeof through === 'string') {
        const behind = this.#locate(file, through, depth + 1);
        if ('problem' in behind) return behind;
        ({ file, value } = behind.target);
        at = [...behind.target.tokens];
      }
      value = childOf(value, token);
      at.push(token);
      if (value === undefined) {
        return { problem: unresolved(ref, `${file.path} has nothing at "${formatPointer(at)}"`) };
      }
    }
    return { target: { file, tokens: at, value } };
  }

  #endsSomewhere(target: Target, ref: string): boolean {
    const seen = new Set<unknown>();
    let current = target;
    for (;;) {
      const next = childOf(current.value, '$ref');
      if (typeof next !== 'string') return true;
      if (seen.has(current.value)) return false;
      seen.add(current.value);
      const found = this.#locate(current.file, next, 0);
      // A broken reference further on is reported where it stands.
      if ('problem' in found) return found.problem.rule !== 'reference-loop' || next === ref;
      current = found.target;
    }
  }
}

const unresolved = (ref: string, why: string): Unresolved => ({
  rule: 'unresolved-reference',
  message: `The reference "${ref}" leads nowhere: ${why}.`,
  hint: 'Mend the reference, or add what it refers to.',
});

const loop = (ref: string): Unresolved => ({
  rule: 'reference-loop',
  message: `The reference "${ref}" leads back to itself.`,
  hint: 'Let one of the references in the loop say what it is.',
});
