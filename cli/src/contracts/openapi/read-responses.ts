import { STATUS_CODES } from 'node:http';
import type { MediaTypeModel, ReplyModel, ResponseModel } from '../../model/workspace.ts';
import { optional, textAt } from '../bundle/bundle.ts';
import type { Bundle, Part } from '../bundle/bundle.ts';
import { camelCase, pascalCase } from '../../model/names.ts';
import { isJson, isProblem } from './media-types.ts';
import { hasOpenType, problemTypes } from './problem-types.ts';
import { schemaPointerOf } from './schema-pointer.ts';
import { statusName } from './status-names.ts';

export const readResponses = (bundle: Bundle, operation: Part): readonly ResponseModel[] =>
  bundle
    .entries(operation, 'responses')
    .filter(([status]) => !status.startsWith('x-'))
    .map(([status, part]) => readResponse(bundle, status, part));

const readResponse = (bundle: Bundle, status: string, part: Part): ResponseModel => {
  const content = bundle.entries(part, 'content');
  const replies =
    content.length === 0
      ? [{ name: statusName(status) }]
      : content.flatMap(([mediaType, media], index) => {
          const first = content.findIndex(([other]) => isJson(other) && !isProblem(other));
          return repliesOf(bundle, { status, response: part, mediaType, media, plain: index === Math.max(first, 0) });
        });
  return {
    status,
    description: textAt(part.value, 'description') ?? '',
    pointer: part.pointer,
    content: content.map(([mediaType, media]): MediaTypeModel => ({
      mediaType,
      ...optional('schemaPointer', schemaPointerOf(media)),
    })),
    headers: bundle
      .entries(part, 'headers')
      .filter(([name]) => name.toLowerCase() !== 'content-type')
      .map(([name, header]) => ({
        name,
        required: header.value['required'] === true,
        ...optional('description', textAt(header.value, 'description')),
        ...optional('schemaPointer', headerSchema(bundle, header)),
      })),
    replies,
    source: bundle.places.at(part.value),
  };
};

const headerSchema = (bundle: Bundle, header: Part): string | undefined => {
  const content = bundle.entries(header, 'content')[0];
  return schemaPointerOf(content ? content[1] : header);
};

interface Answer {
  readonly status: string;
  readonly response: Part;
  readonly mediaType: string;
  readonly media: Part;
  /** The media type that needs no suffix. */
  readonly plain: boolean;
}

const repliesOf = (bundle: Bundle, { status, response, mediaType, media, plain }: Answer): readonly ReplyModel[] => {
  const types = isProblem(mediaType) ? problemTypes(bundle, media, textAt(response.value, 'description') ?? '') : [];
  if (types.length > 0)
    return types.map((problem) => ({ name: problemName(problem.type, status), mediaType, problem }));
  const phrase = STATUS_CODES[status];
  // RFC 9457 section 4.2.1: a problem of no type of its own is what the status says.
  if (isProblem(mediaType) && phrase !== undefined && hasOpenType(bundle, media))
    return [{ name: statusName(status), mediaType, problem: { type: 'about:blank', title: phrase } }];
  return [{ name: statusName(status) + (plain ? '' : mediaSuffix(mediaType)), mediaType }];
};

/** Last segment of the problem's URI: `https://example.com/problems/out-of-stock` → `outOfStock`. */
const problemName = (type: string, status: string): string => {
  const segment = type.split(/[/#:?]/).findLast((part) => part !== '') ?? '';
  return type === 'about:blank' || camelCase(segment) === '' ? statusName(status) : camelCase(segment);
};

const mediaSuffix = (mediaType: string): string =>
  pascalCase(
    (mediaType.split(';')[0] ?? '')
      .split('/')[1]
      ?.replace('*', 'any')
      .replace(/\+json$/, '') ?? '',
  );
