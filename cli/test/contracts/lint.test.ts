import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { formatFindings, lint } from '../../src/application/lint.ts';
import { UserError } from '../../src/application/user-error.ts';
import { inlineWorkspace, openApi, operation } from './inline-workspace.ts';

const fault = openApi(`paths:\n  /a: { $ref: './common.yaml#/A' }\ncomponents: { schemas: { B: { type: strng } } }\n`);
const shared = {
  'contracts/openapi/common.yaml': `A: { get: { operationId: one, responses: { '200': { description: Fine. } } } }\n`,
};

void t.test('all findings, for people', async (t) => {
  const findings = await lint({ root: inlineWorkspace(t, { ...fault, ...shared }).root });
  t.equal(
    formatFindings(findings),
    [
      'contracts/openapi/common.yaml:1:6 error operation-security Who may call GET /a is not said.',
      '    Add "security" with a scheme and its scopes, or "security: []" for everybody.',
      '',
      'contracts/openapi/orders.yaml:5:37 error wrong-value "strng" cannot stand at "type". Did you mean "string"?',
      '    It is one of array, boolean, integer, null, number, object, string.',
      '',
      '2 errors',
    ].join('\n'),
  );
  t.equal(formatFindings([]), 'no findings');
});

void t.test('the findings of some files', async (t) => {
  const { root } = inlineWorkspace(t, { ...fault, ...shared });
  const findings = await lint({ root, files: ['openapi/common.yaml'], from: join(root, 'contracts') });
  t.strictSame(
    findings.map(({ rule }) => rule),
    ['operation-security'],
  );
  await t.rejects(lint({ root, files: ['nothing.yaml'] }), UserError);
});

void t.test('the command', async (t) => {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const run = (root: string, ...args: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, ['--conditions=parkwise-source', main, 'lint', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
  const wrong = run(inlineWorkspace(t, { ...fault, ...shared }).root, '--json');
  t.equal(wrong.status, 1, 'errors fail');
  t.match(JSON.parse(String(wrong.stdout)), {
    findings: [{ rule: 'operation-security', severity: 'error', line: 1, column: 6 }, {}],
  });
  const warned = run(
    inlineWorkspace(
      t,
      operation(
        `parameters: [{ name: q, in: query, schema: { type: string } }]\nresponses: { '200': { description: Fine. } }`,
      ),
    ).root,
  );
  t.match(String(warned.stdout), /warning unbounded-request/);
  t.equal(warned.status, 0, 'warnings do not');
  t.equal(run(inlineWorkspace(t, { 'parkwise.yaml': 'version: [' }).root).status, 2, 'an unreadable workspace');
  t.equal(run('/').status, 2, 'no workspace');
});
