import { isObject } from '../../source/structure-reader.ts';
import type { Part } from '../bundle/bundle.ts';
import { typesOf } from '../schemas/check-schema.ts';
import type { OpenApiContext } from './check-openapi.ts';
import { operationPlaces } from './read-operations.ts';

/** Formats whose values have a bounded length by themselves. */
const bounded = new Set(['uuid', 'date', 'date-time', 'time', 'ipv4', 'ipv6']);

/** Strings and lists of requests without a bound: a sender decides how much work they are. */
export const checkRequestBounds = ({ bundle, findings }: OpenApiContext): void => {
  const seen = new Set<unknown>();
  const visit = (schema: Part | undefined): void => {
    if (!schema || seen.has(schema.value)) return;
    seen.add(schema.value);
    const { value } = schema;
    const types = typesOf(value) ?? [];
    const isListed = Object.hasOwn(value, 'enum') || Object.hasOwn(value, 'const');
    const report = (keyword: string, what: string): void =>
      findings.warning('unbounded-request', bundle.places.at(value), {
        message: `This ${what} of a request may be of any length.`,
        hint: `Add "${keyword}".`,
      });
    const isBounded = isListed || value['readOnly'] === true || bounded.has(String(value['format']));
    if (types.includes('string') && !Object.hasOwn(value, 'maxLength') && !isBounded) report('maxLength', 'string');
    if (types.includes('array') && !Object.hasOwn(value, 'maxItems') && !isListed) report('maxItems', 'list');
    for (const [, property] of bundle.entries(schema, 'properties')) visit(property);
    for (const keyword of ['items', 'additionalProperties', 'unevaluatedProperties', 'then', 'else'])
      visit(bundle.object(schema, keyword));
    for (const keyword of ['allOf', 'anyOf', 'oneOf', 'prefixItems'])
      for (const part of bundle.items(schema, keyword)) visit(part);
    if (isObject(value['patternProperties']))
      for (const [, part] of bundle.entries(schema, 'patternProperties')) visit(part);
  };
  for (const { part, parameters } of operationPlaces(bundle)) {
    for (const parameter of parameters) visit(bundle.object(parameter, 'schema'));
    const body = bundle.object(part, 'requestBody');
    if (body) for (const [, media] of bundle.entries(body, 'content')) visit(bundle.object(media, 'schema'));
  }
};
