import { posix } from 'node:path';
import type { FindingList } from '../../source/finding-list.ts';
import { localRef, valueAt } from '../../source/json-pointer.ts';
import type { Kind, ObjectSpec } from '../../source/kind.ts';
import type { ParsedSource } from '../../source/parse-source.ts';
import type { SourceFiles, Target } from '../../source/source-files.ts';
import { isObject, setOwn, StructureReader } from '../../source/structure-reader.ts';
import type { Holder } from '../../source/structure-reader.ts';
import { annotations } from '../schemas/schema-spec.ts';

export interface BundleGrammar {
  readonly document: ObjectSpec;
  /** By section of `components`. */
  readonly sections: Readonly<Record<string, Kind>>;
  readonly schema: ObjectSpec;
  /** In draft-07 nothing beside a `$ref` counts. */
  readonly refStandsAlone: boolean;
  /** Top-level maps, apart from components, whose entries references may name: `channels`. */
  readonly roots: readonly string[];
  /** Whether tokens name a place in the document that references of the section may keep naming. */
  readonly isHome: (tokens: readonly string[], section: string) => boolean;
}

type Fields = Readonly<Record<string, unknown>>;

interface Claim {
  readonly file: ParsedSource;
  readonly tokens: readonly string[];
  readonly section: string;
  readonly local: readonly string[];
}

/**
 * Checks the structure of a document and puts it in one piece: what references bring in from other files, or from places that are
 * no components, moves under `components`. The result knows where each of its parts was written.
 */
export class Bundler {
  readonly #files: SourceFiles;
  readonly #findings: FindingList;
  readonly #grammar: BundleGrammar;
  readonly #root: ParsedSource;
  readonly #reader: StructureReader;
  readonly #claims: Claim[] = [];
  readonly #waiting: Claim[] = [];
  /** `$ref` objects that are replaced by what they refer to. */
  readonly #aliases = new Map<unknown, Claim>();
  #file: ParsedSource;
  /** Every schema object of the result. */
  readonly schemas: Fields[] = [];

  constructor(options: { files: SourceFiles; findings: FindingList; grammar: BundleGrammar; root: ParsedSource }) {
    this.#files = options.files;
    this.#findings = options.findings;
    this.#grammar = options.grammar;
    this.#root = options.root;
    this.#file = options.root;
    this.#reader = new StructureReader({
      places: options.files.places,
      findings: options.findings,
      hooks: {
        reference: (value, spec, holder) => this.#reference(value, spec, holder),
        schema: (value, holder) => this.#schema(value, holder),
      },
    });
  }

  /** Undefined when the document is no object at all. */
  bundle(): Fields | undefined {
    const { value } = this.#root;
    if (!isObject(value)) {
      this.#findings.error(
        'wrong-type',
        { file: this.#root.path, ...this.#root.positionAt(0) },
        {
          message: `The file holds no ${this.#grammar.document.name}.`,
          hint: 'A document is a map with its version at the top.',
        },
      );
      return undefined;
    }
    this.#claimAliases(value);
    const document = this.#reader.fields(value, this.#grammar.document);
    const moved: { section: string; name: string; value: unknown }[] = [];
    for (let claim = this.#waiting.shift(); claim; claim = this.#waiting.shift()) {
      const [, section = '', name = ''] = claim.local;
      moved.push({ section, name, value: this.#copyOf(claim) });
    }
    this.#addComponents(document, moved);
    return document;
  }

  /** A component or channel that is nothing but a reference to another file takes in what it refers to. */
  #claimAliases(root: Fields): void {
    const places: [readonly string[], Fields][] = [];
    if (isObject(root['components'])) {
      for (const [section, entries] of Object.entries(root['components']))
        if (isObject(entries)) places.push([['components', section], entries]);
    }
    for (const key of this.#grammar.roots) if (isObject(root[key])) places.push([[key], root[key]]);
    for (const [at, entries] of places) {
      for (const [name, entry] of Object.entries(entries)) {
        const ref = isObject(entry) && Object.keys(entry).length === 1 ? entry['$ref'] : undefined;
        if (typeof ref !== 'string') continue;
        const found = this.#files.resolve(this.#root, ref);
        const section = at[1] ?? at[0] ?? '';
        if ('problem' in found || this.#localTokens(found.target, section)) continue;
        const claim = { file: found.target.file, tokens: found.target.tokens, section, local: [...at, name] };
        this.#claims.push(claim);
        this.#aliases.set(entry, claim);
      }
    }
  }

  #reference(value: Fields, spec: ObjectSpec, holder: Holder): unknown {
    const alias = this.#aliases.get(value);
    if (alias) return this.#copyOf(alias);
    const target = this.#resolve(value);
    const section = spec.section ?? '';
    for (const key of Object.keys(value)) {
      if (key === '$ref' || (!spec.inline && (key === 'summary' || key === 'description')) || key.startsWith('x-'))
        continue;
      this.#findings.error('ignored-beside-reference', this.#files.places.at(value, key), {
        message: `"${key}" stands beside a "$ref", where it does not count.`,
        hint: 'Remove it, or write it where the reference leads.',
      });
    }
    if (!target) return undefined;
    if (spec.inline)
      return this.#inside(target.file, () =>
        this.#reader.read(target.value, { is: 'object', spec: () => spec }, holder),
      );
    const copy = { ...value, $ref: this.#refTo(target, section) };
    this.#files.places.copy(value, copy);
    return copy;
  }

  #schema(value: unknown, holder: Holder): unknown {
    if (typeof value === 'boolean') return value;
    if (!isObject(value)) {
      this.#findings.error('wrong-type', this.#files.places.atValue(holder.container, holder.key), {
        message: `"${holder.key}" has to be a schema: an object, true or false.`,
        hint: 'Write a JSON Schema.',
      });
      return undefined;
    }
    const alias = this.#aliases.get(value);
    if (alias) return this.#copyOf(alias);
    const copy: Record<string, unknown> = { ...this.#reader.fields(value, this.#grammar.schema) };
    this.#files.places.copy(value, copy);
    this.#rewriteMapping(value, copy);
    this.schemas.push(copy);
    if (typeof value['$ref'] !== 'string') return copy;
    const target = this.#resolve(value);
    if (!target) return true;
    copy['$ref'] = this.#refTo(target, 'schemas');
    return this.#withSiblings(value, copy);
  }

  /** `{$ref, maximum}` becomes `{allOf: [{$ref}], maximum}`: the same in 2020-12, and understood by tools that read `$ref` alone. */
  #withSiblings(value: Fields, copy: Record<string, unknown>): unknown {
    const asserting = Object.keys(copy).filter(
      (key) => key !== '$ref' && !key.startsWith('x-') && !annotations.has(key),
    );
    if (asserting.length === 0) return copy;
    if (this.#grammar.refStandsAlone) {
      for (const key of asserting) {
        this.#findings.error('ignored-beside-reference', this.#files.places.at(value, key), {
          message: `"${key}" stands beside a "$ref", where draft-07 ignores it.`,
          hint: 'Put the reference into "allOf" and keep the keyword beside that.',
        });
        delete copy[key];
      }
      return copy;
    }
    const { $ref, allOf, ...rest } = copy;
    const reference = { $ref };
    this.#files.places.copy(value, reference);
    const all = [reference, ...(Array.isArray(allOf) ? (allOf as unknown[]) : [])];
    this.#files.places.copy(value, all);
    const combined = { allOf: all, ...rest };
    this.#files.places.copy(value, combined);
    return combined;
  }

  /** A discriminator names schemas by component name or by reference; both become references within the document. */
  #rewriteMapping(value: Fields, copy: Record<string, unknown>): void {
    const original = isObject(value['discriminator']) ? value['discriminator']['mapping'] : undefined;
    if (!isObject(original) || !isObject(copy['discriminator'])) return;
    const mapping: Record<string, unknown> = {};
    this.#files.places.copy(original, mapping);
    for (const [key, name] of Object.entries(original)) {
      if (typeof name !== 'string') continue;
      const byName = /^[A-Za-z0-9._-]+$/.test(name)
        ? this.#files.resolve(this.#file, `#/components/schemas/${name}`)
        : undefined;
      const found = byName && 'target' in byName ? byName : this.#files.resolve(this.#file, name);
      if ('target' in found) setOwn(mapping, key, this.#refTo(found.target, 'schemas'));
      else {
        this.#findings.error('unresolved-reference', this.#files.places.atValue(original, key), {
          message: `The discriminator maps "${key}" to "${name}", which is no schema here.`,
          hint: 'Name a schema of "components" or write a reference to one.',
        });
      }
    }
    const discriminator = { ...copy['discriminator'], mapping };
    this.#files.places.copy(copy['discriminator'], discriminator);
    copy['discriminator'] = discriminator;
  }

  #resolve(value: Fields): Target | undefined {
    const found = this.#files.resolve(this.#file, String(value['$ref']));
    if ('target' in found) return found.target;
    const { rule, message, hint } = found.problem;
    this.#findings.error(rule, this.#files.places.atValue(value, '$ref'), { message, hint });
    return undefined;
  }

  #refTo(target: Target, section: string): string {
    const local = this.#localTokens(target, section);
    if (local) return localRef(local);
    const name = this.#freeName(target, section);
    const claim = { file: target.file, tokens: target.tokens, section, local: ['components', section, name] };
    this.#claims.push(claim);
    this.#waiting.push(claim);
    return localRef(claim.local);
  }

  /** Where the target stands in this document, if it has a place already. */
  #localTokens({ file, tokens }: Target, section: string): readonly string[] | undefined {
    for (const claim of this.#claims) {
      if (claim.file !== file || !claim.tokens.every((token, index) => tokens[index] === token)) continue;
      const rest = tokens.slice(claim.tokens.length);
      if (rest.length === 0 ? claim.section === section : this.#grammar.isHome([...claim.local, ...rest], section))
        return [...claim.local, ...rest];
    }
    return file === this.#root && this.#grammar.isHome(tokens, section) ? tokens : undefined;
  }

  #freeName({ file, tokens }: Target, section: string): string {
    const stem = posix.basename(file.path).replace(/\.(ya?ml|json)$/, '');
    const skipped = new Set(['components', section, '$defs', 'definitions', 'properties']);
    const base = clean(tokens.filter((token) => !skipped.has(token)).join('_')) || clean(stem) || 'Shared';
    const taken = valueAt(this.#root.value, ['components', section]);
    const isTaken = (name: string): boolean =>
      (isObject(taken) && Object.hasOwn(taken, name)) ||
      this.#claims.some(({ local }) => local[0] === 'components' && local[1] === section && local[2] === name);
    let name = base;
    if (isTaken(name)) name = `${clean(stem)}_${base}`;
    for (let count = 2; isTaken(name); count += 1) name = `${clean(stem)}_${base}_${count}`;
    return name;
  }

  #copyOf(claim: Claim): unknown {
    const value = valueAt(claim.file.value, claim.tokens);
    const parent = claim.tokens.length > 0 ? valueAt(claim.file.value, claim.tokens.slice(0, -1)) : value;
    const container = typeof parent === 'object' && parent !== null ? parent : {};
    const kind = this.#grammar.sections[claim.section] ?? { is: 'any' };
    return this.#inside(claim.file, () =>
      this.#reader.read(value, kind, { container, key: claim.tokens.at(-1) ?? '' }),
    );
  }

  #inside(file: ParsedSource, work: () => unknown): unknown {
    const before = this.#file;
    this.#file = file;
    try {
      return work();
    } finally {
      this.#file = before;
    }
  }

  #addComponents(document: Fields, moved: readonly { section: string; name: string; value: unknown }[]): void {
    if (moved.length === 0) return;
    const components: Record<string, unknown> = isObject(document['components']) ? { ...document['components'] } : {};
    this.#files.places.copy(isObject(document['components']) ? document['components'] : document, components);
    const sorted = moved.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    for (const { section, name, value } of sorted) {
      const entries = components[section];
      const extended: Record<string, unknown> = isObject(entries) ? { ...entries } : {};
      this.#files.places.copy(isObject(entries) ? entries : components, extended);
      setOwn(extended, name, value);
      components[section] = extended;
    }
    setOwn(document, 'components', components);
  }
}

const clean = (text: string): string => text.replaceAll(/[^A-Za-z0-9._-]+/g, '_').replaceAll(/^_+|_+$/g, '');
