import { isObject } from '../../source/structure-reader.ts';
import { textAt } from '../bundle/bundle.ts';
import { kebabCase } from '../../model/names.ts';
import { isJson } from '../openapi/media-types.ts';
import type { AsyncApiContext } from './check-asyncapi.ts';
import { readMessage } from './read-message.ts';
import type { MessagePlace } from './read-message.ts';
import { SchemaTable } from './schema-table.ts';

/** The messages of one channel: what each is made of, and that they can be told apart. */
export const checkMessages = (messages: readonly MessagePlace[], { bundle, findings }: AsyncApiContext): void => {
  const versions = new Map<string, string>();
  const files = new Map<string, string>();
  const schemas = new SchemaTable(bundle);
  for (const place of messages) {
    const { id, part } = place;
    const position = bundle.places.at(part.value);
    if (!/^[A-Za-z][A-Za-z0-9._-]*$/.test(id)) {
      findings.error('message-name', position, {
        message: `"${id}" cannot name a message in code.`,
        hint: 'Name it in PascalCase, an event in the past tense: OrderPlaced.',
      });
    }
    const file = files.get(kebabCase(id));
    if (file !== undefined) {
      findings.error('name-clash', position, {
        message: `The messages "${file}" and "${id}" are both "${kebabCase(id)}" as the name of a file.`,
        hint: 'Rename one of them.',
      });
    }
    files.set(kebabCase(id), id);
    if (!Object.hasOwn(part.value, 'payload')) {
      findings.error('message-without-payload', position, {
        message: `The message "${id}" has no payload.`,
        hint: 'Describe what it carries by "payload".',
      });
      continue;
    }
    const { type, version, contentType } = readMessage(bundle, place, schemas);
    if (!isJson(contentType)) {
      const holder = Object.hasOwn(part.value, 'contentType') ? part.value : bundle.root;
      findings.error(
        'construct-not-carried',
        bundle.places.atValue(holder, holder === part.value ? 'contentType' : 'defaultContentType'),
        {
          message: `Messages of type ${contentType} are not carried into code.`,
          hint: 'Messages are JSON: write application/json.',
        },
      );
    }
    const key = JSON.stringify([type, version]);
    const same = versions.get(key);
    if (same !== undefined) {
      findings.error('message-type-clash', position, {
        message: `"${same}" and "${id}" both have the type "${type}" in version ${version}, so that they cannot be told apart.`,
        hint: 'Give them different types, or versions, by a const in the payload.',
      });
    }
    versions.set(key, id);
    checkHeaders(place, { bundle, findings });
    if (Object.hasOwn(part.value, 'x-sunset') && part.value['deprecated'] !== true) {
      findings.warning('sunset-without-deprecated', bundle.places.at(part.value, 'x-sunset'), {
        message: `The message "${id}" has a last day and is not deprecated.`,
        hint: 'Add "deprecated: true".',
      });
    }
  }
};

const checkHeaders = ({ id, part }: MessagePlace, { bundle, findings }: AsyncApiContext): void => {
  if (!isObject(part.value['headers'])) return;
  const headers = bundle.object(part, 'headers');
  const type = headers && textAt(headers.value, 'type');
  if (!headers || type === 'object' || isObject(headers.value['properties']) || Object.hasOwn(headers.value, 'schema'))
    return;
  findings.error('message-headers', bundle.places.at(part.value, 'headers'), {
    message: `The headers of "${id}" are no object.`,
    hint: 'Describe them as an object whose properties are the headers.',
  });
};
