/** The shape of `parkwise.yaml`; `schemas/parkwise.schema.json` says the same to editors. */
import { any, boolean, duration, integer, list, map, object, oneOf, pointer, string, text } from '../source/kind.ts';
import type { Kind, ObjectSpec } from '../source/kind.ts';

const url = text(/^https?:\/\/[^\s/?#]+([/?#]\S*)?$/, 'an absolute URL such as https://example.com');
export const pathWithin = /^(?!\/)(?!(.*\/)?\.\.(\/|$)).+$/;
const path = text(pathWithin, 'a path within the workspace');
const nothing: Kind = any;

/** `getQuote:` with nothing after it is a call with all its defaults. */
const orNothing = (kind: Kind, says: string): Kind => ({
  is: 'choice',
  says,
  of: (value) => (value === null ? nothing : typeof value === 'object' && !Array.isArray(value) ? kind : undefined),
});

const call = object(() => ({
  name: 'call',
  fields: { reads: list(pointer, { unique: true }), timeout: duration, retry: integer({ min: 0, max: 10 }) },
}));

const service = object(() => ({
  name: 'service',
  fields: {
    description: string,
    port: integer({ min: 1, max: 65_535 }),
    store: oneOf('sql', 'none'),
    demo: boolean,
    secrets: list(text(/^[a-z][A-Za-z0-9]*$/, 'the name of a setting'), { unique: true }),
    scale: integer({ min: 1, max: 64 }),
    external: boolean,
    url,
    openapi: path,
    asyncapi: path,
    calls: map(map(orNothing(call, 'a map of settings'))),
  },
}));

export const workspaceFileSpec: ObjectSpec = {
  name: 'workspace',
  required: ['version', 'name', 'services'],
  fields: {
    $schema: string,
    version: integer({ min: 1, max: 1 }),
    name: text(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'a name in kebab-case'),
    description: string,
    containers: boolean,
    portBase: integer({ min: 1, max: 65_000 }),
    security: object(() => ({ name: 'security', fields: { issuer: url, audience: string, jwks: url, tokenUrl: url } })),
    services: map(orNothing(service, 'a map of settings'), /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'a name in kebab-case'),
  },
};
