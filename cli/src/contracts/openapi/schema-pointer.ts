import type { Part } from '../bundle/bundle.ts';

/** Where the schema of a parameter, header or media type stands; undefined when there is none. */
export const schemaPointerOf = ({ value, pointer }: Part): string | undefined =>
  Object.hasOwn(value, 'schema') ? `${pointer}/schema` : undefined;
