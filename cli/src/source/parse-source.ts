import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import type { Finding } from '../model/finding.ts';
import type { EntryPlace, Places, SourceText } from './places.ts';

/** A YAML or JSON text as plain values. `value` is undefined when it could not be read. */
export interface ParsedSource extends SourceText {
  readonly value: unknown;
  readonly findings: readonly Finding[];
}

/** Reads YAML 1.2 or JSON; every object and array is remembered in `places`. Only what JSON can say is taken. */
export const parseSource = (path: string, text: string, places: Places): ParsedSource => {
  const lines = new LineCounter();
  const positionAt = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const source: SourceText = { path, positionAt };
  const findings: Finding[] = [];
  const report = (offset: number, message: string, hint: string): void => {
    findings.push({ rule: 'invalid-yaml', severity: 'error', file: path, ...positionAt(offset), message, hint });
  };

  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const documents: readonly Document[] = 'empty' in parsed ? [] : (parsed as Document[]);
  const document = documents[0];
  if (!document?.contents || (isScalar(document.contents) && document.contents.value === null)) {
    report(0, 'The file is empty.', 'Write the document, or remove the file.');
    return { ...source, value: undefined, findings };
  }
  for (const problem of documents.flatMap((each) => [...each.errors, ...each.warnings])) {
    report(problem.pos[0], `This is not valid YAML: ${firstLine(problem.message)}`, yamlHint(problem.code));
  }
  const second = documents[1];
  if (second)
    report(second.range?.[0] ?? 0, 'The file holds more than one document.', 'Keep one document in each file.');
  if (findings.length > 0) return { ...source, value: undefined, findings };

  const reader = new ValueReader({ document, source, places, report });
  const value = reader.read(document.contents as Node, 0);
  return { ...source, value: findings.length > 0 ? undefined : value, findings };
};

const firstLine = (message: string): string => {
  const line = message.split('\n')[0] ?? message;
  return /[.!?]$/.test(line) ? line : `${line}.`;
};

const yamlHint = (code: string): string =>
  code === 'DUPLICATE_KEY'
    ? 'Remove one of the two, or rename it.'
    : 'Mend the syntax: mostly it is indentation, a quote or a colon.';

type Report = (offset: number, message: string, hint: string) => void;

class ValueReader {
  readonly #document: Document;
  readonly #source: SourceText;
  readonly #places: Places;
  readonly #report: Report;
  readonly #shared = new Map<Node, unknown>();
  readonly #open = new Set<Node>();

  constructor(options: { document: Document; source: SourceText; places: Places; report: Report }) {
    this.#document = options.document;
    this.#source = options.source;
    this.#places = options.places;
    this.#report = options.report;
  }

  read(node: Node | null, start: number): unknown {
    if (node === null) return null;
    if (isAlias(node)) return this.#alias(node, start);
    if (isScalar(node)) return this.#scalar(node.value, offsetOf(node, start));
    if (this.#shared.has(node)) return this.#shared.get(node);
    this.#open.add(node);
    const value = isMap(node) ? this.#map(node, start) : isSeq(node) ? this.#list(node.items, start) : null;
    this.#open.delete(node);
    this.#shared.set(node, value);
    return value;
  }

  #alias(node: Node & { source: string }, start: number): unknown {
    const target = isAlias(node) ? node.resolve(this.#document) : undefined;
    if (!target || this.#open.has(target)) {
      this.#report(
        offsetOf(node, start),
        `The alias *${node.source} stands inside its own anchor.`,
        'Use a $ref for something that holds itself.',
      );
      return null;
    }
    return this.read(target, start);
  }

  #scalar(value: unknown, offset: number): unknown {
    if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) {
      this.#report(offset, 'This number cannot be written in JSON.', 'Write a finite number of at most 15 digits.');
      return null;
    }
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return value;
    this.#report(
      offset,
      'This value cannot be written in JSON.',
      'Use strings, numbers, booleans, null, lists and maps alone.',
    );
    return null;
  }

  #map(node: YAMLMap, start: number): unknown {
    const value: Record<string, unknown> = {};
    const entries = new Map<string, EntryPlace>();
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const offset = offsetOf(pair.key, start);
      if (!isPair(pair) || !isScalar(pair.key)) {
        this.#report(offset, 'A key has to be a string.', 'Write the key as plain text.');
        continue;
      }
      const key = keyText(pair.key);
      if (entries.has(key))
        this.#report(offset, `The key ${key} stands here twice.`, 'Remove one of the two, or rename it.');
      entries.set(key, { text: this.#source, key: offset, value: offsetOf(pair.value, offset) });
      // defineProperty, because assigning to `__proto__` would not make an own property.
      Object.defineProperty(value, key, {
        value: this.read(pair.value, offset),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    this.#places.set(value, { text: this.#source, start, entries });
    return value;
  }

  #list(items: readonly unknown[], start: number): unknown {
    const entries = new Map<string, EntryPlace>();
    const value = items.map((item, index) => {
      const node = isPair(item) ? null : (item as Node | null);
      const offset = offsetOf(node, start);
      entries.set(String(index), { text: this.#source, key: offset, value: offset });
      return this.read(node, offset);
    });
    this.#places.set(value, { text: this.#source, start, entries });
    return value;
  }
}

const offsetOf = (node: Node | null | undefined, otherwise: number): number => node?.range?.[0] ?? otherwise;

/** `404:` is a number to YAML and a key to us: its text counts, so that `1e3` or `0x10` keep their spelling. */
const keyText = (key: { value: unknown; source?: string | undefined }): string =>
  typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
