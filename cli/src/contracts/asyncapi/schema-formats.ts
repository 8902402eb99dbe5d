import { any, notCarried, object, schema, string } from '../../source/kind.ts';
import type { Kind } from '../../source/kind.ts';

/** Formats of schemas that are read, and the dialect that each is. */
export const dialectOfFormat = (format: string): 'draft-07' | '2020-12' | undefined => {
  if (/^application\/(schema|vnd\.aai\.asyncapi)\+(json|yaml);\s*version=draft[-/]?2020-12$/.test(format))
    return '2020-12';
  const isDraft07 = /^application\/schema\+(json|yaml);\s*version=draft-?\/?07$/.test(format);
  return isDraft07 || /^application\/vnd\.aai\.asyncapi(\+json|\+yaml)?;\s*version=3\.0\.\d+$/.test(format)
    ? 'draft-07'
    : undefined;
};

const multiFormat = (format: unknown): Kind =>
  object(() => ({
    name: 'schema with a format',
    section: 'schemas',
    required: ['schema'],
    extensible: true,
    fields:
      format === undefined || (typeof format === 'string' && dialectOfFormat(format))
        ? { schemaFormat: string, schema }
        : {
            schemaFormat: notCarried(
              string,
              'error',
              'Schemas of this format are',
              'Write a JSON Schema, of draft-07 or 2020-12.',
            ),
            schema: any,
          },
  }));

/** A JSON Schema, or an object that says of which format its schema is. */
export const anySchema: Kind = {
  is: 'choice',
  says: 'a schema',
  of: (value) => {
    if (typeof value !== 'object' || value === null || !('schema' in value) || '$ref' in value) return schema;
    return multiFormat('schemaFormat' in value ? value.schemaFormat : undefined);
  },
};
