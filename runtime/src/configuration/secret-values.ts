import type { ConfigurationSchema } from './schema.ts';

/** The values of a schema's secrets; of one that is a JSON document, those that its names call secret as well. */
export const secretValues = (
  schema: ConfigurationSchema,
  values: Readonly<Record<string, unknown>>,
): readonly string[] =>
  Object.entries(schema).flatMap(([property, definition]) => {
    const value = values[property];
    if (definition.type !== 'string' || !definition.secret || typeof value !== 'string' || value === '') return [];
    return /^[[{]/.test(value) ? inDocument(value) : [value];
  });

const inDocument = (text: string): readonly string[] => {
  const found = [text];
  try {
    JSON.parse(text, (name, value: unknown) => {
      if (typeof value === 'string' && /secret|password|token/i.test(name)) found.push(value);
      return value;
    });
  } catch {
    // No JSON after all: then the whole is the secret, and whoever reads it complains.
  }
  return found;
};
