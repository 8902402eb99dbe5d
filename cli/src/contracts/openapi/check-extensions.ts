import { didYouMean } from '../../source/did-you-mean.ts';
import { isObject } from '../../source/structure-reader.ts';
import { textAt } from '../bundle/bundle.ts';
import type { Fields } from '../bundle/bundle.ts';
import { missingPointer } from '../schemas/pointer-in-schema.ts';
import type { OpenApiContext } from './check-openapi.ts';
import { isJson } from './media-types.ts';
import { schemaPointerOf } from './schema-pointer.ts';
import type { OperationPlace } from './read-operations.ts';

/** That our extensions name what is there. */
export const checkExtensions = (place: OperationPlace, context: OpenApiContext): void => {
  const { value } = place.part;
  const access = value['x-parkwise-access'];
  const pagination = value['x-parkwise-pagination'];
  if (isObject(access)) checkOwner(access, place, context);
  if (isObject(pagination)) checkPagination(pagination, place, context);
  if (Object.hasOwn(value, 'x-sunset') && value['deprecated'] !== true) {
    context.findings.warning('sunset-without-deprecated', context.bundle.places.at(value, 'x-sunset'), {
      message: 'The operation has a last day and is not deprecated.',
      hint: 'Add "deprecated: true".',
    });
  }
};

const checkOwner = (access: Fields, place: OperationPlace, { bundle, findings }: OpenApiContext): void => {
  const owner = textAt(access, 'owner');
  if (owner === undefined) return;
  const problem = expressionProblem(owner, place, bundle);
  if (problem === undefined) return;
  findings.error('unknown-expression', bundle.places.atValue(access, 'owner'), {
    message: `"${owner}" names nothing: ${problem}`,
    hint: 'Name a parameter of the operation, or a place in the body of its request or of its answer.',
  });
};

const checkPagination = (pagination: Fields, place: OperationPlace, { bundle, findings }: OpenApiContext): void => {
  const cursor = textAt(pagination, 'cursor');
  const parameter = cursor === undefined ? undefined : parameterProblem(place, 'query', cursor.replace(/^query\./, ''));
  if (parameter !== undefined) {
    findings.error('unknown-expression', bundle.places.atValue(pagination, 'cursor'), {
      message: `"${cursor}" names nothing: ${parameter}`,
      hint: 'Name the query parameter that takes the cursor.',
    });
  }
  const next = textAt(pagination, 'next');
  const missing = next === undefined ? undefined : missingInBody(place, bundle, { side: 'response', pointer: next });
  if (missing !== undefined) {
    findings.error('unknown-expression', bundle.places.atValue(pagination, 'next'), {
      message: `"${next}" names nothing: ${missing}`,
      hint: 'Name the place in the answer where the next cursor stands.',
    });
  }
};

const expressionProblem = (
  expression: string,
  place: OperationPlace,
  bundle: OpenApiContext['bundle'],
): string | undefined => {
  const match = /^\$(request|response)\.(?:(header|query|path)\.(.+)|body(?:#(.*))?)$/.exec(expression);
  if (!match) return undefined;
  const [, side, where, name, pointer] = match;
  if (where !== undefined && name !== undefined)
    return side === 'request' ? parameterProblem(place, where, name) : undefined;
  return missingInBody(place, bundle, { side: side as 'request' | 'response', pointer: pointer ?? '' });
};

const parameterProblem = ({ parameters }: OperationPlace, where: string, name: string): string | undefined => {
  const names = parameters.filter(({ value }) => value['in'] === where).map(({ value }) => String(value['name']));
  const isThere = names.some((other) =>
    where === 'header' ? other.toLowerCase() === name.toLowerCase() : other === name,
  );
  return isThere ? undefined : `the operation has no ${where} parameter "${name}".${didYouMean(name, names)}`;
};

const missingInBody = (
  { part }: OperationPlace,
  bundle: OpenApiContext['bundle'],
  { side, pointer }: { side: 'request' | 'response'; pointer: string },
): string | undefined => {
  const request = bundle.object(part, 'requestBody');
  const holders =
    side === 'request'
      ? request
        ? [request]
        : []
      : bundle.entries(part, 'responses').flatMap(([status, response]) => (status.startsWith('2') ? [response] : []));
  const schemas = holders.flatMap((holder) =>
    bundle
      .entries(holder, 'content')
      .flatMap(([mediaType, media]) => (isJson(mediaType) ? (schemaPointerOf(media) ?? []) : [])),
  );
  if (schemas.length === 0) return `the ${side} has no JSON body.`;
  const results = schemas.map((schema) => missingPointer(bundle, schema, pointer));
  const [first] = results;
  return first && results.every((result) => result !== undefined)
    ? `the body has nothing at "${pointer}".${didYouMean(first.step, first.names)}`
    : undefined;
};
