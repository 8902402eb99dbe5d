import { escapeToken } from '../../source/json-pointer.ts';
import { isObject } from '../../source/structure-reader.ts';
import { unwrap } from '../asyncapi/schema-table.ts';
import type { Bundle } from '../bundle/bundle.ts';
import type { Dialect } from './schema-spec.ts';

export interface ExampleValidator {
  (value: unknown): unknown;
  errors?: readonly object[] | null;
}

/** Compiles each schema once; ajv is loaded only where there is an example to check. Undefined for a schema that does not compile. */
export const exampleCompiler = async ({
  bundle,
  dialect,
  schemas,
}: {
  bundle: Bundle;
  dialect: Dialect;
  schemas: readonly unknown[];
}): Promise<(schema: unknown) => ExampleValidator | undefined> => {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const { Ajv } = await import('ajv');
  const { fullFormats } = await import('ajv-formats/dist/formats.js');
  const options = {
    strict: false,
    ownProperties: true,
    logger: false,
    validateSchema: false,
    allErrors: true,
    verbose: true,
    formats: fullFormats,
  } as const;
  const ajv = dialect === '2020-12' ? new Ajv2020(options) : new Ajv(options);
  const inline = new Map<unknown, number>();
  for (const schema of schemas) if (!inline.has(schema)) inline.set(schema, inline.size);
  const components = isObject(bundle.root['components']) ? bundle.root['components']['schemas'] : undefined;
  const named = isObject(components)
    ? Object.fromEntries(Object.entries(components).map(([name, schema]) => [name, unwrap(schema)]))
    : {};
  ajv.addSchema({ components: { schemas: named }, inline: [...inline.keys()].map(unwrap) }, 'contract');

  const compiled = new Map<string, ExampleValidator | undefined>();
  return (schema) => {
    const plain = unwrap(schema);
    const ref = isObject(plain) && Object.keys(plain).length === 1 ? plain['$ref'] : undefined;
    const pointer = typeof ref === 'string' ? ref : `#/inline/${escapeToken(String(inline.get(schema)))}`;
    if (!compiled.has(pointer)) compiled.set(pointer, compileAt(ajv, `contract${pointer}`));
    return compiled.get(pointer);
  };
};

/** What makes a schema uncompilable (a bad pattern, a broken reference) is a finding of its own. */
const compileAt = (ajv: { getSchema(key: string): unknown }, key: string): ExampleValidator | undefined => {
  try {
    return ajv.getSchema(key) as ExampleValidator | undefined;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
};
