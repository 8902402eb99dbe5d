import { code, type Code, type Imported } from '../../output/source-file.ts';
import { docComment } from '../doc-comment.ts';
import { pascalName, typeName } from '../identifiers.ts';
import { isObject, valueAt } from '../schemas/json-schema.ts';

/**
 * Short names for the components that a file's types refer to:
 *
 *   type Schemas = components['schemas'];
 *   export type Order = Schemas['Order'];
 */
export interface SchemaAliases {
  /** How a component is called in this file. */
  reference(name: string): string;
  declarations(components: Imported): readonly Code[];
}

export const schemaAliases = (document: unknown, taken: readonly string[]): SchemaAliases => {
  const used = new Map<string, string>();
  const owners = new Map<string, string>();
  return {
    reference: (name) => {
      const known = used.get(name);
      if (known !== undefined) return known;
      const alias = pascalName(name);
      const free = !taken.includes(alias) && typeName(alias, 'Type') === alias && !owners.has(alias);
      const reference = free ? alias : `Schemas[${JSON.stringify(name)}]`;
      if (free) owners.set(alias, name);
      used.set(name, reference);
      return reference;
    },
    declarations: (components) => {
      if (used.size === 0) return [];
      const sorted = [...owners].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      return [
        code`type Schemas = ${components}['schemas'];`,
        ...sorted.map(([alias, name]) => {
          const schema = valueAt(document, `/components/schemas/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
          const text =
            isObject(schema) && typeof schema['description'] === 'string' ? schema['description'] : undefined;
          return code`${docComment(text)}export type ${alias} = Schemas[${JSON.stringify(name)}];`;
        }),
      ];
    },
  };
};
