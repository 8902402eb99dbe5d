import t from 'tap';
import { generate } from '../../src/application/generate.ts';
import { aWorkspace } from './a-workspace.ts';

const generated = 'services/orders/src/generated/operations.ts';
const handler = 'services/orders/src/application/delete-order.ts';
const contract = 'contracts/openapi/orders.yaml';

/** The contract without its second path. */
const withoutDelete = (text: string): string => text.replace(/ {2}\/orders\/\{orderId\}:[\s\S]*?(?=^components:)/m, '');

const rules = (findings: readonly { rule: string; severity: string; file: string }[]): string[] =>
  findings.map(({ rule, severity, file }) => `${severity} ${rule} ${file}`);

t.test('a second run writes nothing, with what the first remembered and without', async (t) => {
  const workspace = aWorkspace(t);
  const { root } = workspace;
  await generate({ root });
  const times = workspace.times();
  t.same(await generate({ root }), { findings: [], written: [], removed: [] });
  workspace.remove('.parkwise');
  t.same(await generate({ root }), { findings: [], written: [], removed: [] });
  t.same(workspace.times(), times);
});

t.test('a change of the contract changes what depends on it', async (t) => {
  const workspace = aWorkspace(t);
  const { root } = workspace;
  await generate({ root });
  workspace.edit(contract, (text) => text.replace("The caller's orders", 'All orders'));
  t.match(rules((await generate({ root, check: true })).findings), [
    `error generated-file-outdated services/orders/src/generated/documents/openapi.json`,
  ]);
  t.ok((await generate({ root, dryRun: true })).written.includes(generated));
  t.notMatch(workspace.read(generated), /All orders/, 'neither of them writes');
  await generate({ root });
  t.match(workspace.read(generated), /All orders/);
});

t.test('an edited generated file is reported and left alone, the rest is written; force replaces it', async (t) => {
  const workspace = aWorkspace(t);
  const { root } = workspace;
  await generate({ root });
  workspace.edit(generated, (text) => `${text}// mine\n`);
  workspace.edit(contract, (text) => text.replace("The caller's orders", 'All orders'));
  t.ok(rules((await generate({ root, check: true })).findings).includes(`error generated-file-edited ${generated}`));
  const { findings, written } = await generate({ root });
  t.same(rules(findings), [`error generated-file-edited ${generated}`]);
  t.match(workspace.read(generated), /mine/);
  t.ok(written.includes('services/orders/src/generated/testing.ts') || written.length > 0, 'the rest is written');
  t.same(
    rules((await generate({ root })).findings),
    [`error generated-file-edited ${generated}`],
    'and it is reported again',
  );
  t.same((await generate({ root, force: true })).findings, []);
  t.notMatch(workspace.read(generated), /mine/);
  t.match(workspace.read(generated), /All orders/);
});

t.test('an operation that is gone leaves its handler behind, which is reported and never removed', async (t) => {
  const workspace = aWorkspace(t);
  const { root } = workspace;
  await generate({ root });
  workspace.edit(contract, withoutDelete);
  t.same(rules((await generate({ root })).findings), [`warning handler-left-behind ${handler}`]);
  t.same(
    rules((await generate({ root })).findings),
    [`warning handler-left-behind ${handler}`],
    'as long as it is there',
  );
  t.ok(workspace.exists(handler));
  workspace.remove(handler);
  t.same((await generate({ root })).findings, []);
  t.notOk(workspace.exists(`parkwise.pristine/${handler}.txt`));
});

t.test('scaffolds are written once; a deleted handler comes back, a deleted test does not', async (t) => {
  const workspace = aWorkspace(t);
  const { root } = workspace;
  await generate({ root });
  t.equal(workspace.read(`parkwise.pristine/${handler}.txt`), workspace.read(handler), 'the pristine text is kept');
  workspace.write(handler, '// mine\n');
  t.same(await generate({ root, force: true }), { findings: [], written: [], removed: [] });
  t.equal(workspace.read(handler), '// mine\n');
  workspace.remove(handler);
  workspace.remove('services/orders/test/orders.test.ts');
  t.same((await generate({ root })).written, [handler]);
  t.notOk(workspace.exists('services/orders/test/orders.test.ts'));
});

t.test('a file that is no longer generated is removed only if nobody touched it', async (t) => {
  const workspace = aWorkspace(t, 'messaging');
  const { root } = workspace;
  await generate({ root });
  const messages = 'services/enrolment/src/generated/messages.ts';
  const consumers = 'services/enrolment/src/generated/consumers.ts';
  workspace.edit(consumers, (text) => `${text}// mine\n`);
  workspace.edit('parkwise.yaml', (text) =>
    text.replace('    store: sql\n', '    store: sql\n    openapi: contracts/openapi/enrolment.yaml\n'),
  );
  workspace.remove('contracts/asyncapi/enrolment.yaml');
  workspace.remove('services/enrolment/src/application');
  workspace.remove('services/enrolment/src/upcasters');
  const basics = aWorkspace(t).read(contract);
  const { mkdirSync } = await import('node:fs');
  mkdirSync(`${root}/contracts/openapi`, { recursive: true });
  workspace.write('contracts/openapi/enrolment.yaml', basics);
  const { findings, removed } = await generate({ root });
  t.same(rules(findings.filter(({ severity }) => severity === 'error')), [`error stale-file-edited ${consumers}`]);
  t.ok(removed.includes(messages));
  t.notOk(workspace.exists(messages));
  t.ok(workspace.exists(consumers));
});

t.test('contracts with errors generate nothing', async (t) => {
  const workspace = aWorkspace(t);
  const { root } = workspace;
  workspace.edit(contract, (text) => text.replace('#/components/schemas/OrderPage', '#/components/schemas/Nowhere'));
  const { findings, written } = await generate({ root });
  t.ok(findings.some(({ severity, file }) => severity === 'error' && file === contract));
  t.same(written, []);
  t.notOk(workspace.exists('services'));
});

t.test('a service that is not there, and a lock that cannot be read, are said plainly', async (t) => {
  const workspace = aWorkspace(t);
  const { root } = workspace;
  await t.rejects(generate({ root, services: ['nowhere'] }), { code: 'unknown-service' });
  workspace.write('parkwise.lock', '<<<<<<< ours');
  await t.rejects(generate({ root }), { code: 'lock-unreadable' });
});
