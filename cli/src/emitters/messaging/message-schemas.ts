import type { JsonSchema, MessageModel, MessagingContract } from '../../model/workspace.ts';
import { fromDraft07 } from '../schemas/draft-07.ts';
import { fromEntries, isObject, pointerTokens } from '../schemas/json-schema.ts';
import { narrow } from '../schemas/narrow.ts';
import { schemaSource, type SchemaSource } from '../schemas/schema-source.ts';

/** The schemas of a service's messages, and the parts of them that handlers and publishers see. */
export interface MessageSchemas {
  readonly source: SchemaSource;
  payload(message: MessageModel): JsonSchema;
  /** The business data: what stands at the envelope's `data`, or the whole payload. */
  data(message: MessageModel): JsonSchema;
  /** The payload with only the envelope and the data that is read. */
  readPayload(message: MessageModel, reads: readonly string[] | undefined): JsonSchema;
  headers(message: MessageModel): JsonSchema | undefined;
  /** Whether the payload always has what stands at a pointer. */
  isRequired(message: MessageModel, pointer: string): boolean;
}

export const messageSchemas = (contract: MessagingContract): MessageSchemas => {
  const translate = contract.dialect === 'draft-07' ? fromDraft07 : (schema: JsonSchema) => schema;
  const schemas = fromEntries(Object.entries(contract.schemas).map(([name, schema]) => [name, translate(schema)]));
  const source = schemaSource({ components: { schemas } });
  const payload = (message: MessageModel): JsonSchema => source.byName(message.payloadSchema);
  return {
    source,
    payload,
    data: (message) => schemaAt(payload(message), dataPointer(message), source),
    readPayload: (message, reads) => {
      if (reads === undefined) return payload(message);
      const envelope = Object.entries(message.envelope)
        .filter(([part, place]) => part !== 'data' && place.in === 'payload')
        .map(([, place]) => place.pointer);
      const data = dataPointer(message);
      return narrow(payload(message), [...envelope, ...reads.map((pointer) => `${data}${pointer}`)], source);
    },
    headers: (message) => (message.headersSchema === undefined ? undefined : source.byName(message.headersSchema)),
    isRequired: (message, pointer) => isRequiredAt(payload(message), pointerTokens(pointer), source),
  };
};

/** '' where the data is the whole payload. */
export const dataPointer = (message: MessageModel): string =>
  message.envelope.data?.in === 'payload' ? message.envelope.data.pointer : '';

/** Whether whoever publishes gives this part of the envelope with the data. */
export const isInData = (message: MessageModel, part: 'key' | 'sequence'): boolean => {
  const place = message.envelope[part];
  if (place === undefined || place.in !== 'payload') return false;
  const data = dataPointer(message);
  return data === '' || place.pointer.startsWith(`${data}/`);
};

/** The schema of what stands at a pointer; several that hold together become one. */
const schemaAt = (schema: JsonSchema, pointer: string, source: SchemaSource): JsonSchema =>
  pointerTokens(pointer).reduce<JsonSchema>((current, token) => {
    const found = propertiesNamed(current, token, source);
    return found.length === 1 ? (found[0] as JsonSchema) : found.length === 0 ? true : { allOf: found };
  }, schema);

const propertiesNamed = (schema: JsonSchema, name: string, source: SchemaSource, depth = 0): JsonSchema[] => {
  const resolved = source.resolve(schema);
  if (!isObject(resolved) || depth > 20) return [];
  const properties = resolved['properties'];
  const own = isObject(properties) && Object.hasOwn(properties, name) ? [properties[name] as JsonSchema] : [];
  const parts = Array.isArray(resolved['allOf']) ? (resolved['allOf'] as JsonSchema[]) : [];
  return [...own, ...parts.flatMap((part) => propertiesNamed(part, name, source, depth + 1))];
};

const isRequiredAt = (schema: JsonSchema, tokens: readonly string[], source: SchemaSource): boolean => {
  const [token, ...rest] = tokens;
  if (token === undefined) return true;
  const found = propertiesNamed(schema, token, source);
  return (
    requires(schema, token, source) &&
    isRequiredAt(found.length === 1 ? (found[0] as JsonSchema) : { allOf: found }, rest, source)
  );
};

const requires = (schema: JsonSchema, name: string, source: SchemaSource, depth = 0): boolean => {
  const resolved = source.resolve(schema);
  if (!isObject(resolved) || depth > 20) return false;
  if (Array.isArray(resolved['required']) && resolved['required'].includes(name)) return true;
  const parts = Array.isArray(resolved['allOf']) ? (resolved['allOf'] as JsonSchema[]) : [];
  return parts.some((part) => requires(part, name, source, depth + 1));
};
