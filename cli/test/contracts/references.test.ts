import t from 'tap';
import { loadWorkspace } from '../../src/contracts/load-workspace.ts';
import type { Service } from '../../src/model/workspace.ts';
import { expectEach } from './expect-findings.ts';
import { inlineWorkspace, openApi, schema } from './inline-workspace.ts';
import type { InlineFiles } from './inline-workspace.ts';

const load = async (t: Tap, files: InlineFiles): Promise<Service> => {
  const { workspace, findings } = await loadWorkspace(inlineWorkspace(t, files).root);
  const [service] = workspace?.services ?? [];
  if (!service) throw new Error(JSON.stringify(findings));
  return service;
};
const schemasOf = ({ http }: Service): unknown => http && (http.document['components'] as { schemas: unknown }).schemas;
type Tap = Parameters<typeof inlineWorkspace>[0];

void t.test('references that lead nowhere', async (t) => {
  expectEach(t, {
    'within the document': schema(`$ref: «unresolved-reference»'#/components/schemas/Oder'`),
    'to a file that is not there': schema(`$ref: «missing-file»'./common.yaml#/Order'`),
    'into a file': {
      ...schema(`$ref: «unresolved-reference»'./common.yaml#/Order'`),
      'contracts/openapi/common.yaml': `Other: {}\n`,
    },
    'to a network': schema(`$ref: «remote-reference»https://x.example/order.yaml`),
    'out of the workspace': schema(`$ref: «remote-reference»'../../../order.yaml'`),
    'to an anchor': schema(`$ref: «construct-not-carried»'#order'`),
    'to itself': schema(`$ref: «reference-loop»'#/components/schemas/Order'`),
    'with broken encoding': schema(`$ref: «unresolved-reference»'#/components/%zz'`),
    'to something of another kind': openApi(
      `components:\n  schemas:\n    «missing-field»A:\n      «unknown-field»type: object\n  responses:\n    B: { $ref: '#/components/schemas/A' }\n`,
    ),
    'fault in a shared file, used twice, is found once': {
      ...openApi(
        `components:\n  schemas:\n    A: { $ref: './common.yaml#/Order' }\n    B: { allOf: [{ $ref: './common.yaml#/Order' }] }\n`,
      ),
      'contracts/openapi/common.yaml': `Order:\n  type: «wrong-value»objekt\n`,
    },
    'fields beside a reference': openApi(
      `paths:\n  /a:\n    get:\n      operationId: one\n      security: []\n      parameters:\n        - $ref: '#/components/parameters/Q'\n          «ignored-beside-reference»required: true\n      responses: { '200': { description: Fine. } }\ncomponents:\n  parameters:\n    Q: { name: q, in: query, schema: { type: integer } }\n`,
    ),
  });
});

void t.test('a document in one piece', async (t) => {
  const service = await load(t, {
    ...openApi(
      `paths:\n  /a: { $ref: './paths.yaml#/~1a' }\ncomponents:\n  schemas:\n    Id: { $ref: './common.yaml#/Id' }\n    Local: { type: object, properties: { inner: { type: integer } } }\n    Deep: { $ref: '#/components/schemas/Local/properties/inner' }\n    Small:\n      $ref: '#/components/schemas/Id'\n      maxLength: 3\n      description: Smaller.\n`,
    ),
    'contracts/openapi/paths.yaml': `/a:\n  get:\n    operationId: one\n    security: []\n    responses:\n      '200':\n        description: Fine.\n        content: { application/json: { schema: { $ref: './tree.yaml' } } }\n`,
    'contracts/openapi/tree.yaml': `type: object\nproperties:\n  id: { $ref: 'common.yaml#/Id' }\n  left: { $ref: '#' }\n  odd: { $ref: 'common.yaml#/with%20space~1and%7e0tilde' }\n`,
    'contracts/openapi/common.yaml': `Id: { type: string }\n'with space/and~tilde': { type: boolean }\n`,
  });
  const document = service.http?.document as { paths: unknown; components: { schemas: Record<string, unknown> } };
  t.strictSame(document.components.schemas, {
    Id: { type: 'string' },
    Local: { type: 'object', properties: { inner: { type: 'integer' } } },
    Deep: { type: 'integer' },
    Small: { allOf: [{ $ref: '#/components/schemas/Id' }], maxLength: 3, description: 'Smaller.' },
    tree: {
      type: 'object',
      properties: {
        id: { $ref: '#/components/schemas/Id' },
        left: { $ref: '#/components/schemas/tree' },
        odd: { $ref: '#/components/schemas/with_space_and_tilde' },
      },
    },
    with_space_and_tilde: { type: 'boolean' },
  });
  t.match(document.paths, { '/a': { get: { operationId: 'one' } } });
  t.match(service.http?.operations[0]?.source, { file: 'contracts/openapi/paths.yaml', line: 2, column: 3 });
});

void t.test('names of what moves are stable and unique', async (t) => {
  const service = await load(t, {
    ...openApi(
      `components:\n  schemas:\n    Money: { type: integer }\n    A: { type: object, properties: { x: { $ref: './eur.yaml#/Money' }, y: { $ref: './usd.yaml#/Money' } } }\n`,
    ),
    'contracts/openapi/eur.yaml': `Money: { type: number }\n`,
    'contracts/openapi/usd.yaml': `Money: { type: string }\n`,
  });
  t.strictSame(schemasOf(service), {
    Money: { type: 'integer' },
    A: {
      type: 'object',
      properties: { x: { $ref: '#/components/schemas/eur_Money' }, y: { $ref: '#/components/schemas/usd_Money' } },
    },
    eur_Money: { type: 'number' },
    usd_Money: { type: 'string' },
  });
});

void t.test('references into every kind of component', async (t) => {
  const service = await load(t, {
    ...openApi(
      `security: []\npaths:\n  /a:\n    parameters: [{ $ref: '#/components/parameters/Q' }]\n    post:\n      operationId: one\n      requestBody: { $ref: './parts.yaml#/bodies/B' }\n      responses: { '200': { $ref: './parts.yaml#/answers/R' } }\ncomponents:\n  parameters: { Q: { $ref: './parts.yaml#/Q' } }\n`,
    ),
    'contracts/openapi/parts.yaml': `Q: { name: q, in: query, schema: { type: integer } }\nbodies:\n  B: { content: { application/json: { schema: { type: object }, examples: { e: { $ref: '#/E' } } } } }\nanswers:\n  R: { description: Fine., headers: { X-A: { $ref: '#/H' } } }\nH: { schema: { type: integer } }\nE: { value: {} }\n`,
  });
  const [one] = service.http?.operations ?? [];
  t.match(one?.parameters, [{ name: 'q', schemaPointer: '/components/parameters/Q/schema' }]);
  t.match(one?.body?.content, [
    {
      mediaType: 'application/json',
      schemaPointer: '/components/requestBodies/bodies_B/content/application~1json/schema',
    },
  ]);
  t.match(one?.responses[0]?.headers, [{ name: 'X-A', schemaPointer: '/components/headers/H/schema' }]);
});

void t.test('a document in JSON, and anchors of YAML', async (t) => {
  const service = await load(t, {
    'parkwise.yaml': `version: 1\nname: shop\nservices:\n  orders: { openapi: contracts/orders.json }\n`,
    'contracts/orders.json': JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Orders', version: '1' },
      components: { schemas: { A: { $ref: './a.yaml#/A' } } },
    }),
    'contracts/a.yaml': `base: &base { type: string }\nA: *base\n`,
  });
  t.strictSame(schemasOf(service), { A: { type: 'string' } });
});

void t.test('YAML that cannot be read', async (t) => {
  expectEach(t, {
    'a key twice': openApi(`paths: {}\n«invalid-yaml»paths: {}\n`),
    'an open bracket': openApi(`tags: [\n«invalid-yaml»`),
    'a number beyond JSON': openApi(`x-limit: «invalid-yaml».inf\n`),
    'an alias within itself': openApi(`x-loop: &a [«invalid-yaml»*a]\n`),
    'two documents': openApi(`paths: {}\n«invalid-yaml»---\npaths: {}\n`),
    'an empty file': { 'contracts/openapi/orders.yaml': `«invalid-yaml»` },
    'a list': { 'contracts/openapi/orders.yaml': `«wrong-type»- a\n` },
  });
});
