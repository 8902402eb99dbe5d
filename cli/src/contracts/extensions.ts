/** The shape of our extensions. `schemas/extensions.schema.json` says the same to editors. */
import { boolean, duration, list, map, object, oneOf, pointer, string, text } from '../source/kind.ts';
import type { Kind, ObjectSpec } from '../source/kind.ts';

const runtimeExpression = text(
  /^\$(request|response)\.(header\.[A-Za-z0-9!#$%&'*+.^_`|~-]+|(query|path)\..+|body(#(\/([^~/]|~[01])*)*)?)$/,
  'a runtime expression such as $request.path.orderId or $response.body#/ownerId',
);

export const publicExtension: Kind = boolean;

export const accessExtension: Kind = object(() => ({
  name: 'x-parkwise-access',
  fields: {
    owner: runtimeExpression,
    roles: list(string, { min: 1, unique: true }),
    foreign: { is: 'integer', min: 400, max: 499 },
  },
}));

export const paginationExtension: Kind = object(() => ({
  name: 'x-parkwise-pagination',
  required: ['cursor', 'next'],
  fields: { cursor: text(/^query\..+$/, 'a query parameter such as query.cursor'), next: pointer },
}));

export const givenExtension: Kind = list(string, { min: 1 });

export const sunsetExtension: Kind = text(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a date such as 2027-01-31');

const location = text(
  /^\$message\.(payload|header)(#(\/([^~/]|~[01])*)*)?$/,
  'a runtime expression such as $message.payload#/metadata/eventId or $message.header#/id',
);

/** Parts of an envelope, in the order of the documentation. */
export const envelopeRoles = [
  'id',
  'type',
  'version',
  'time',
  'source',
  'correlation',
  'causation',
  'key',
  'sequence',
  'data',
] as const;

export const envelopeSpec: ObjectSpec = {
  name: 'x-parkwise-envelope',
  fields: Object.fromEntries(envelopeRoles.map((role) => [role, location])),
};
export const envelopeExtension: Kind = object(() => envelopeSpec);

export const consumerExtension: Kind = object(() => ({
  name: 'x-parkwise-consumer',
  fields: { order: oneOf('key', 'none'), retry: list(duration), reads: map(list(pointer, { unique: true })) },
}));

export const liveExtension: Kind = object(() => ({
  name: 'x-parkwise-live',
  required: ['snapshot'],
  fields: { snapshot: string, notice: string, resume: string },
}));
