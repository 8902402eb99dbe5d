import type { JsonSchema } from '../../model/workspace.ts';
import { importValue, type Imported } from '../../output/source-file.ts';
import { isObject } from '../schemas/json-schema.ts';
import { project, type Projection } from '../schemas/projection.ts';
import type { SchemaSource } from '../schemas/schema-source.ts';
import { nameRegistry } from '../types/name-registry.ts';
import { compilable } from './compilable.ts';
import { compile, definitionReference } from './compile.ts';

/** How a schema is checked, and where its references lead. */
export interface Check {
  readonly source: SchemaSource;
  /** Tells definitions of several documents apart. */
  readonly document: string;
  readonly hides?: 'readOnly' | 'writeOnly';
  /** Whether unknown properties and enum values are tolerated. */
  readonly open?: boolean;
}

/** The validators of one service. Each is compiled once: equal schemas share a function. */
export interface ValidatorSet {
  /** A validator for the schema; `wish` is its name if it is free. */
  add(wish: string, schema: JsonSchema, check: Check): Imported;
  /** Accepts everything. */
  readonly anything: Imported;
  /** Source of `validators.ts`; undefined when nothing was added. */
  source(): string | undefined;
}

export const validatorSet = (): ValidatorSet => {
  const names = nameRegistry(['anything', 'equal', 'ucs2length', 'formats', 'isMultipleOf']);
  const keys = nameRegistry();
  const definitions = new Map<string, { key: string; schema: JsonSchema }>();
  const exported = new Map<string, { name: string; schema: JsonSchema }>();
  let usesAnything = false;

  const define = (name: string, check: Check): string => {
    const view = [check.document, check.hides ?? '', check.open === true ? 'open' : ''].join('|');
    const id = `${view}|${name}`;
    const known = definitions.get(id);
    if (known) return known.key;
    const entry = { key: keys.take(name.replace(/[^A-Za-z0-9_]+/g, '_') || '_'), schema: true as JsonSchema };
    definitions.set(id, entry);
    entry.schema = view_(check.source.byName(name), check);
    return entry.key;
  };

  const view_ = (schema: JsonSchema, check: Check): JsonSchema => {
    const projection: Projection = {
      source: check.source,
      ...(check.hides === undefined ? {} : { hides: check.hides }),
      hidden: 'refuse',
      open: check.open === true,
      reference: (name) => definitionReference(define(name, check)),
    };
    return compilable(project(schema, projection));
  };

  return {
    add: (wish, schema, check) => {
      const viewed = view_(schema, check);
      const defaults = topLevelDefaults(schema, viewed);
      const id = JSON.stringify(defaults);
      const known = exported.get(id);
      if (known) return importValue(known.name, './validators.ts');
      const reference =
        isObject(schema) && typeof schema['$ref'] === 'string' ? check.source.nameOf(schema['$ref']) : undefined;
      const name = names.take(...(reference === undefined ? [] : [validatorName(reference)]), wish);
      exported.set(id, { name, schema: defaults });
      return importValue(name, './validators.ts');
    },
    get anything() {
      usesAnything = true;
      return importValue('anything', './validators.ts');
    },
    source: () => {
      if (exported.size === 0 && !usesAnything) return undefined;
      const compiled = compile({
        definitions: Object.fromEntries([...definitions.values()].map(({ key, schema }) => [key, schema])),
        exported: Object.fromEntries([...exported.values()].map(({ name, schema }) => [name, schema])),
      });
      return `${usesAnything ? 'export const anything = () => true;\n' : ''}${compiled}`;
    },
  };
};

const validatorName = (name: string): string => {
  const plain = name.replace(/[^A-Za-z0-9_$]+/g, '_');
  return `is${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
};

/** Defaults of parameters are filled in; `default` anywhere else is an annotation and gone by now. */
const topLevelDefaults = (schema: JsonSchema, viewed: JsonSchema): JsonSchema => {
  if (!isObject(schema) || !isObject(viewed) || schema['x-parkwise-defaults'] === undefined) return viewed;
  const defaults = schema['x-parkwise-defaults'] as Readonly<Record<string, unknown>>;
  const properties = viewed['properties'] as Readonly<Record<string, JsonSchema>>;
  return {
    ...viewed,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [
        name,
        Object.hasOwn(defaults, name) && isObject(property) ? { ...property, default: defaults[name] } : property,
      ]),
    ),
  };
};
