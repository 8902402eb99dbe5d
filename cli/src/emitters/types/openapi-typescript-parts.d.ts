/** The parts of openapi-typescript that are imported past its index, which would load a bundler that nothing here needs. */
declare module 'openapi-typescript/dist/transform/index.mjs' {
  import type { GlobalContext, OpenAPI3 } from 'openapi-typescript';
  import type ts from 'typescript';
  const transformSchema: (document: OpenAPI3, context: GlobalContext) => ts.Node[];
  export default transformSchema;
}

declare module 'openapi-typescript/dist/transform/schema-object.mjs' {
  import type { GlobalContext, SchemaObject } from 'openapi-typescript';
  import type ts from 'typescript';
  const transformSchemaObject: (schema: SchemaObject, options: { ctx: GlobalContext; path?: string }) => ts.TypeNode;
  export default transformSchemaObject;
}

declare module 'openapi-typescript/dist/lib/ts.mjs' {
  import type ts from 'typescript';
  export const astToString: (nodes: readonly ts.Node[]) => string;
  export const tsUnion: (types: readonly ts.TypeNode[]) => ts.TypeNode;
  export const tsLiteral: (value: unknown) => ts.TypeNode;
  export const STRING: ts.TypeNode;
  export const NUMBER: ts.TypeNode;
  export const UNKNOWN: ts.TypeNode;
}
