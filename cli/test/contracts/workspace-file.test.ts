import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { parse } from 'yaml';
import { loadWorkspace } from '../../src/contracts/load-workspace.ts';
import { readWorkspaceFile } from '../../src/model/workspace-file.ts';
import { expectEach } from './expect-findings.ts';
import { inlineWorkspace, operation } from './inline-workspace.ts';
import type { InlineFiles } from './inline-workspace.ts';

const orders = operation(
  `responses: { '200': { description: Fine., content: { application/json: { schema: { type: object, properties: { id: { type: string } } } } } } }`,
);
const billing = { 'contracts/openapi/billing.yaml': 'openapi: 3.1.0\ninfo: { title: Billing, version: 1.0.0 }\n' };
const workspace = (text: string): InlineFiles => ({ ...orders, ...billing, 'parkwise.yaml': text });
const services = (text: string): InlineFiles =>
  workspace(`version: 1\nname: shop\nservices:\n${text.replaceAll(/^/gm, '  ')}\n`);

const faults: Readonly<Record<string, InlineFiles>> = {
  'an unknown key': workspace(`version: 1\nname: shop\n«unknown-field»sevices: {}\nservices: { orders: }\n`),
  'a missing key': workspace(`«missing-field»version: 1\nservices: { orders: }\n`),
  'a wrong type': services(`orders: { port: «wrong-type»'4001' }`),
  'a version of the future': workspace(`version: «wrong-value»2\nname: shop\nservices: { orders: }\n`),
  'a port out of bounds': services(`orders: { port: «wrong-value»70000 }`),
  'a store that is none': services(`orders: { store: «wrong-value»sqll }`),
  'a scale that is none': services(`orders: { scale: «wrong-value»0 }`),
  'a name not in kebab-case': services(`orders: {}\n«wrong-value»Billing: { openapi: contracts/openapi/billing.yaml }`),
  'a duration that is none': services(
    `orders: {}\nbilling: { calls: { orders: { listOrders: { reads: [/id], timeout: «wrong-value»2s } } } }`,
  ),
  'a pointer that is none': services(
    `orders: {}\nbilling: { calls: { orders: { listOrders: { reads: [«wrong-value»id] } } } }`,
  ),
  'a URL that is none': workspace(
    `version: 1\nname: shop\nsecurity: { issuer: «wrong-value»shop.example }\nservices: { orders: }\n`,
  ),
  'a path out of the workspace': services(`orders: { openapi: «wrong-value»../orders.yaml }`),
};

void t.test('mistakes that the JSON Schema sees too', async (t) => {
  expectEach(t, faults);
  const schema = JSON.parse(
    readFileSync(new URL('../../schemas/parkwise.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const validate = new Ajv2020({ strict: false }).compile(schema);
  for (const [name, files] of Object.entries(faults)) {
    const text = (files['parkwise.yaml'] ?? '').replaceAll(/«[a-z-]+»/g, '');
    // What stands outside the workspace may not exist, which would hide the fault that is meant.
    t.notOk(validate(parse(text)), `the JSON Schema sees ${name}`);
  }
  const fine = `version: 1\nname: shop\nportBase: 5000\nsecurity: { issuer: 'https://shop.example', audience: shop }\nservices:\n  orders:\n  billing: { port: 1, store: none, demo: true, scale: 3, calls: { orders: { list: { reads: [/a~1b, ''], timeout: PT1M30S, retry: 0 }, get: } } }\n  bank: { external: true, url: 'https://bank.example/v1', openapi: contracts/bank.yaml }\n`;
  t.ok(validate(parse(fine)), 'the JSON Schema takes everything that may stand there');
});

void t.test('mistakes that only the whole workspace shows', async (t) => {
  expectEach(t, {
    'a port twice': services(`orders: { port: 4001 }\nbilling: { port: «port-clash»4001 }`),
    'a service without a contract': services(`orders: {}\n«service-without-contract»shipping: {}`),
    'a contract that is not there': services(`orders: { openapi: «missing-file»contracts/openapi/oders.yaml }`),
    'a called service that is not there': services(
      `orders: {}\nbilling: { calls: { «unknown-service»oders: { listOrders: } } }`,
    ),
    'a service that calls itself': services(`orders: { calls: { «unknown-service»orders: { listOrders: } } }`),
    'a called operation that is not there': services(
      `orders: {}\nbilling: { calls: { orders: { «unknown-operation»listOrder: } } }`,
    ),
    'a field that the answer does not have': services(
      `orders: {}\nbilling: { calls: { orders: { listOrders: { reads: [/id, «unknown-field-read»/idd] } } } }`,
    ),
    'fields that are not declared': services(
      `orders: {}\nbilling: { calls: { orders: { «reads-not-declared»listOrders: } } }`,
    ),
    'the port of an external service': services(`orders: { external: true, «misplaced-setting»port: 4001 }`),
    'the scale of an external service': services(`orders: { external: true, «misplaced-setting»scale: 2 }`),
    'the URL of a service of ours': services(`orders: { «misplaced-setting»url: https://x.example }`),
    'an external service without a URL': services(
      `«external-without-url»orders: { external: true }\nbilling: { calls: { orders: { listOrders: { reads: [/id] } } } }`,
    ),
    'broken YAML': workspace(`version: 1\n«invalid-yaml»version: 1\n`),
  });
});

void t.test('defaults', async (t) => {
  const { root } = inlineWorkspace(
    t,
    services(`orders:\nbilling: { port: 4001, store: none, calls: { orders: { listOrders: } } }`),
  );
  const { workspace, findings } = readWorkspaceFile(root);
  t.strictSame(findings, []);
  t.match(workspace, {
    name: 'shop',
    portBase: 4000,
    security: {},
    services: [
      {
        name: 'orders',
        port: 4002,
        store: 'sql',
        demo: false,
        external: false,
        openapi: 'contracts/openapi/orders.yaml',
        calls: [],
      },
      {
        name: 'billing',
        port: 4001,
        store: 'none',
        calls: [{ service: 'orders', operationId: 'listOrders', timeoutMs: 5000, retries: 2 }],
      },
    ],
  });
});

void t.test('no workspace', async (t) => {
  const { findings, read } = await loadWorkspace('/nowhere');
  t.match(findings, [{ rule: 'no-workspace' }]);
  t.strictSame(read, []);
});

void t.test('some services alone', async (t) => {
  const { root } = inlineWorkspace(t, {
    ...services(`orders:\nbilling: { calls: { orders: { listOrders: { reads: [/id] } } } }\nbroken:`),
    'contracts/openapi/broken.yaml': 'openapi: [',
  });
  const { workspace, findings } = await loadWorkspace(root, { services: ['billing'] });
  t.strictSame(findings, []);
  t.strictSame(
    workspace?.services.map(({ name }) => name),
    ['billing'],
  );
  t.match(workspace?.services[0]?.calls, [{ service: 'orders', operation: { id: 'listOrders' }, reads: ['/id'] }]);
});
