/** The body of a request as a value: by the media types that the contract lists. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { BodyContent, BodyDefinition } from '../contract.ts';
import { nullObject } from '../null-object.ts';
import { coerceValue, memberShape, type TextTree } from '../parameters/coerce-value.ts';
import { assignment, decodeForm, setOnce } from '../parameters/split-style.ts';
import { Problem } from '../problem.ts';
import { escapePointer, readFault, type RequestFault } from '../request-fault.ts';
import { listedKind, compileMediaTypes, type MediaType } from './media-type.ts';
import { parseJson } from './parse-json.ts';
import { hasBody, readBytes, type BodyLimits } from './read-bytes.ts';

export type ReceivedBody = { readonly bytes: Buffer } & (
  | { readonly kind: 'absent' }
  | { readonly kind: 'fault'; readonly fault: RequestFault }
  /** `contentType` is as the contract writes it. */
  | { readonly kind: 'value'; readonly value: unknown; readonly contentType: string; readonly content: BodyContent }
);

/** @throws Problem 408, 413, 415 */
export type ReadBody = (request: IncomingMessage) => ReceivedBody | Promise<ReceivedBody>;

const bodyFault = (keyword: string, message: string): RequestFault => ({ in: 'body', pointer: '', keyword, message });
const nothing = Buffer.alloc(0);

export const compileBody = (definition: BodyDefinition, limits: BodyLimits): ReadBody => {
  const match = compileMediaTypes(definition.content);
  const unsupported = (): Problem =>
    new Problem('unsupported-media-type', { headers: { accept: Object.keys(definition.content).join(', ') } });
  const missing: ReceivedBody = definition.required
    ? { kind: 'fault', bytes: nothing, fault: bodyFault('required', 'is required') }
    : { kind: 'absent', bytes: nothing };

  return (request) => {
    const header = request.headers['content-type'];
    const media = header === undefined ? undefined : match(header);
    if (!hasBody(request)) {
      // An empty text or form is a value; an empty JSON text is none.
      const isEmptyValue = media && request.headers['content-length'] === '0' && listedKind(media.listed) !== 'json';
      return isEmptyValue ? decode(nothing, media.type, media.listed, media.value) : missing;
    }
    if (!media) {
      // A body in chunks may turn out to be empty, and then needs no type.
      if (request.headers['transfer-encoding'] === undefined || header !== undefined) throw unsupported();
      return readUntyped(request);
    }
    const bytes = readBytes(request, limits);
    if (!(bytes instanceof Promise)) return decode(bytes, media.type, media.listed, media.value);
    return bytes.then((bytes) =>
      bytes.length === 0 && listedKind(media.listed) === 'json'
        ? missing
        : decode(bytes, media.type, media.listed, media.value),
    );
  };

  async function readUntyped(request: IncomingMessage): Promise<ReceivedBody> {
    const bytes = await readBytes(request, limits);
    if (bytes.length > 0) throw unsupported();
    return missing;
  }
};

const decode = (bytes: Buffer, type: MediaType, contentType: string, content: BodyContent): ReceivedBody => {
  const kind = listedKind(contentType);
  const value = (value: unknown): ReceivedBody => ({ kind: 'value', bytes, value, contentType, content });
  const fault = (fault: RequestFault): ReceivedBody => ({ kind: 'fault', bytes, fault });
  if (kind === 'binary') return value(bytes);
  const text = decodeText(bytes, type, kind === 'text');
  if (text === undefined) return fault(bodyFault('encoding', 'is not text in its charset'));
  if (kind === 'text') return value(text);
  if (kind === 'json') {
    const parsed = parseJson(text);
    return 'fault' in parsed ? fault(bodyFault(parsed.fault.keyword, parsed.fault.message)) : value(parsed.value);
  }
  try {
    return value(readForm(text, content));
  } catch (error) {
    return fault(readFault('body', error));
  }
};

const otherCharsets: Readonly<Record<string, string>> = {
  'iso-8859-1': 'latin1',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
};

/** JSON and forms are UTF-8 by definition; text may say otherwise. */
const decodeText = (bytes: Buffer, type: MediaType, mayDiffer: boolean): string | undefined => {
  const charset = type.parameters['charset']?.toLowerCase() ?? 'utf-8';
  if (charset === 'utf-8' || charset === 'utf8') return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  const known = Object.hasOwn(otherCharsets, charset) ? otherCharsets[charset] : undefined;
  if (known === undefined || (!mayDiffer && known !== 'utf-8')) {
    throw new Problem('unsupported-media-type', { detail: 'The charset is not supported.' });
  }
  if (known === 'latin1') return bytes.toString('latin1');
  try {
    return new TextDecoder(known, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** Names and values of a form; a repeated name is a list where the contract has an array, an object is JSON as OpenAPI 3.1 says. */
const readForm = (text: string, { shape }: BodyContent): unknown => {
  const fields = nullObject() as Record<string, TextTree>;
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const [rawName, rawValue] = assignment(pair);
    const name = decodeForm(rawName, '');
    const pointer = `/${escapePointer(name)}`;
    const value = decodeForm(rawValue, pointer);
    const existing = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (memberShape(shape, name)?.kind !== 'array') setOnce(fields, name, value, '');
    else if (existing === undefined) fields[name] = [value];
    else (existing as TextTree[]).push(value);
  }
  const form = nullObject();
  for (const [name, tree] of Object.entries(fields)) {
    const member = memberShape(shape, name);
    form[name] = coerceValue(member?.kind === 'object' ? { kind: 'json' } : member, tree, `/${escapePointer(name)}`);
  }
  return form;
};
