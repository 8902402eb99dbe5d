import type { JsonSchema } from '../../model/workspace.ts';
import { docComment } from '../doc-comment.ts';
import { pascalName, typeName } from '../identifiers.ts';
import { isObject } from '../schemas/json-schema.ts';
import { project, type Projection } from '../schemas/projection.ts';
import type { SchemaSource } from '../schemas/schema-source.ts';
import { nameRegistry } from './name-registry.ts';
import { normalise } from './normalise.ts';
import { typePrinter } from './type-printer.ts';

/** How the schemas of a document are seen; see {@link Projection}. */
export interface TypeView {
  /** Tells views apart that share a library. */
  readonly id: string;
  readonly source: SchemaSource;
  readonly hides?: 'readOnly' | 'writeOnly';
  readonly open: boolean;
  /** Put before the name of a component that another view has under the same name and differently. */
  readonly prefix: string;
}

/** The types of one file that declares what it needs by itself. A component that several types refer to is declared once. */
export interface TypeLibrary {
  /** A type expression. */
  print(schema: JsonSchema, view: TypeView): string;
  /** Declares a type under the first of these names that is free. */
  declare(wishes: readonly string[], schema: JsonSchema, options: { view: TypeView; doc?: string }): string;
  /** All declarations, in the order in which they were asked for. */
  declarations(): readonly string[];
}

export const typeLibrary = (taken: readonly string[] = []): TypeLibrary => {
  const names = nameRegistry(taken);
  const schemas: Record<string, JsonSchema> = {};
  const components = new Map<string, string>();
  const declarations = new Map<string, string>();
  const types = typePrinter({ components: { schemas } }, (name) => name);

  const viewed = (schema: JsonSchema, view: TypeView): JsonSchema => {
    const projection: Projection = {
      source: view.source,
      ...(view.hides === undefined ? {} : { hides: view.hides }),
      hidden: 'omit',
      open: view.open,
      reference: (name) => `#/components/schemas/${component(name, view)}`,
    };
    return normalise(project(schema, projection));
  };

  const component = (name: string, view: TypeView): string => {
    const id = `${view.id} ${name}`;
    const known = components.get(id);
    if (known !== undefined) return known;
    const schema = view.source.byName(name);
    const wish = typeName(pascalName(name), 'Type');
    const same = sameElsewhere(wish, schema, view);
    if (same !== undefined) {
      components.set(id, same);
      return same;
    }
    const local = names.take(wish, `${view.prefix}${wish}`);
    components.set(id, local);
    schemas[local] = true;
    declarations.set(local, '');
    schemas[local] = viewed(schema, view);
    declarations.set(local, declaration(local, schemas[local], descriptionOf(schema)));
    return local;
  };

  /** Another view's component of that name, if it is the same type. */
  const sameElsewhere = (wish: string, schema: JsonSchema, view: TypeView): string | undefined => {
    if (!Object.hasOwn(schemas, wish) || refersToOthers(schema)) return undefined;
    return declaration(wish, viewed(schema, view), descriptionOf(schema)) === declarations.get(wish) ? wish : undefined;
  };

  const declaration = (name: string, schema: JsonSchema, doc: string | undefined): string =>
    `${docComment(doc)}${types.declare(name, schema)}`;

  return {
    print: (schema, view) => types.print(viewed(schema, view)),
    declare: (wishes, schema, { view, doc }) => {
      const name = names.take(...wishes);
      declarations.set(name, '');
      declarations.set(name, declaration(name, viewed(schema, view), doc));
      return name;
    },
    declarations: () => [...declarations.values(), ...(types.footer() === '' ? [] : [types.footer()])],
  };
};

const descriptionOf = (schema: JsonSchema): string | undefined =>
  isObject(schema) && typeof schema['description'] === 'string' ? schema['description'] : undefined;

const refersToOthers = (schema: JsonSchema): boolean => JSON.stringify(schema).includes('"$ref":');
