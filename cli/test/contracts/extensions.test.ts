import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { loadWorkspace } from '../../src/contracts/load-workspace.ts';
import { inlineWorkspace, message, openApi } from './inline-workspace.ts';
import type { InlineFiles } from './inline-workspace.ts';

const onOperation = (name: string, value: unknown): InlineFiles =>
  openApi(
    `paths:\n  /a:\n    get:\n      operationId: one\n      security: []\n      deprecated: true\n      responses: { '200': { description: Fine. } }\n      ${name}: ${JSON.stringify(value)}\n`,
  );
const onMessage = (name: string, value: unknown): InlineFiles =>
  message(`payload: {}\n${name}: ${JSON.stringify(value)}`);
const onReceive = (name: string, value: unknown): InlineFiles => {
  const [[file, text]] = Object.entries(message('payload: {}')) as [[string, string]];
  return { [file]: `${text.replace('action: send', 'action: receive')}    ${name}: ${JSON.stringify(value)}\n` };
};

const fine: readonly (readonly [string, unknown, typeof onOperation])[] = [
  ['x-parkwise-public', true, onOperation],
  ['x-parkwise-access', { owner: '$request.path.id', roles: ['buyer'], foreign: 404 }, onOperation],
  ['x-parkwise-access', { owner: '$response.body#/a/b' }, onOperation],
  ['x-sunset', '2030-01-31', onOperation],
  ['x-parkwise-envelope', { id: '$message.header#/id', data: '$message.payload' }, onMessage],
  ['x-parkwise-consumer', { order: 'none', retry: ['PT0.5S', 'P1DT2H'], reads: { OrderPlaced: ['/a'] } }, onReceive],
];
const wrong: typeof fine = [
  ['x-parkwise-public', 'yes', onOperation],
  ['x-parkwise-access', { owner: 'me' }, onOperation],
  ['x-parkwise-access', { roles: [] }, onOperation],
  ['x-parkwise-access', { foreign: 200 }, onOperation],
  ['x-parkwise-access', { roles: ['a', 'a'] }, onOperation],
  ['x-parkwise-pagination', { cursor: 'cursor', next: '/next' }, onOperation],
  ['x-parkwise-pagination', { cursor: 'query.cursor' }, onOperation],
  ['x-sunset', '31.1.2030', onOperation],
  ['x-parkwise-unheard', true, onOperation],
  ['x-parkwise-envelope', { id: '/id' }, onMessage],
  ['x-parkwise-envelope', { name: '$message.payload#/name' }, onMessage],
  ['x-parkwise-consumer', { order: 'fifo' }, onReceive],
  ['x-parkwise-consumer', { retry: ['P'] }, onReceive],
  ['x-parkwise-consumer', { reads: { A: ['a'] } }, onReceive],
];
const structural = new Set(['wrong-type', 'wrong-value', 'unknown-field', 'missing-field', 'unknown-extension']);

void t.test('the JSON Schema and the reader say the same of our extensions', async (t) => {
  const schema = JSON.parse(
    readFileSync(new URL('../../schemas/extensions.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const validate = new Ajv2020({ strict: false }).compile(schema);
  for (const [isFine, cases] of [
    [true, fine],
    [false, wrong],
  ] as const) {
    for (const [name, value, on] of cases) {
      t.equal(validate({ [name]: value }), isFine, `schema: ${name} ${JSON.stringify(value)}`);
      const { findings } = await loadWorkspace(inlineWorkspace(t, on(name, value)).root);
      t.equal(!findings.some(({ rule }) => structural.has(rule)), isFine, `reader: ${name} ${JSON.stringify(value)}`);
    }
  }
});
