/** A channel on which players follow a board, in the shape in which it is generated; validators are compiled here instead. */
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import type { ChannelDefinition, ChannelMessage, ChannelTables, Validator } from '../../../src/codegen/v1.ts';

const ajv = new Ajv2020({ strict: false, useDefaults: true });
export const validator = (schema: AnySchema): Validator => ajv.compile(schema) as unknown as Validator;

const at = (pointer: string) => ({ in: 'payload', pointer }) as const;
const text = { type: 'string', maxLength: 20_000 };

const message = (name: string, data: object, sequence?: object): ChannelMessage => ({
  name,
  publisher: name.charAt(0).toLowerCase() + name.slice(1),
  type: name,
  version: 1,
  envelope: { type: at('/type'), data: at('/data'), ...(sequence && { sequence: at('/version') }) },
  validate: validator({
    type: 'object',
    additionalProperties: false,
    required: ['type', 'data', ...(sequence ? ['version'] : [])],
    properties: { type: { const: name }, data, ...(sequence && { version: sequence }) },
  }),
});
const object = (properties: object) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});
const scalar = (name: string, where: 'path' | 'query', required: boolean) =>
  ({
    name,
    in: where,
    required,
    style: where === 'path' ? 'simple' : 'form',
    explode: where === 'query',
    shape: { kind: 'scalar', types: ['string'] },
  }) as const;

const channel = (name: string, path: string, versions: 'number' | 'text'): ChannelDefinition => {
  const version = versions === 'number' ? { type: 'integer' } : { type: 'string', pattern: '^[0-9]+([.][0-9]+)*$' };
  return {
    name,
    handler: `watch${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    path,
    security: [{ player: ['boards:read'] }],
    parameters: [scalar('boardId', 'path', true), scalar('version', 'query', false)],
    validate: {
      path: validator(object({ boardId: { type: 'string', maxLength: 20 } })),
      query: validator({ type: 'object', properties: { version: text }, additionalProperties: false }),
    },
    sends: [
      message('Board', object({ pieces: { type: 'object' } }), version),
      message('PieceMoved', object({ piece: text, to: text }), version),
      message('Freshness', object({ state: { enum: ['current', 'delayed'] } })),
      message('MoveAccepted', object({ piece: text })),
    ],
    receives: [
      message('Move', object({ piece: { type: 'string', maxLength: 20 }, to: { type: 'string', maxLength: 20 } })),
    ],
    live: { snapshot: 'Board', notice: 'Freshness', resume: 'version', versions },
  };
};

export const boardTables: ChannelTables = {
  securitySchemes: { player: { kind: 'bearer' } },
  channels: [channel('board', '/v1/boards/{boardId}', 'number'), channel('boards', '/v1/many/{boardId}', 'text')],
};
