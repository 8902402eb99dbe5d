import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { addService } from '../../src/application/add-service.ts';
import { generate } from '../../src/application/generate.ts';
import { init } from '../../src/application/init.ts';

t.setTimeout(120_000);

const aFolder = (t: { teardown(work: () => void): void }): string => {
  const root = mkdtempSync(join(tmpdir(), 'parkwise-init-'));
  t.teardown(() => rmSync(root, { recursive: true, force: true }));
  return root;
};

t.test('an empty workspace, beside what is there already', (t) => {
  const root = aFolder(t);
  writeFileSync(join(root, '.gitignore'), 'mine\n');
  const { written, kept } = init(root);
  t.ok(written.includes('parkwise.yaml'));
  t.same(kept, ['.gitignore']);
  t.equal(readFileSync(join(root, '.gitignore'), 'utf8'), 'mine\n');
  t.same(init(root).written, [], 'a second time there is nothing to do');
  t.end();
});

t.test('a new service generates at once; packed/packed.slow.test.ts compiles and runs one', async (t) => {
  const root = aFolder(t);
  init(root);
  const { port, generated } = await addService(root, 'orders');
  t.equal(port, 4001);
  t.same(generated.findings, []);
  t.same(await generate({ root, check: true }), { findings: [], written: [], removed: [] });
});

t.test('its entry goes below the others, whose comments and blank lines stay', async (t) => {
  const root = aFolder(t);
  init(root);
  await addService(root, 'orders');
  const text = `# Ours.\nversion: 1\nname: shop # short\n\nservices:\n    orders:\n        port: 4100\n        store: sql # all of it\n\n# The end.\n`;
  writeFileSync(join(root, 'parkwise.yaml'), text);
  const { port, generated } = await addService(root, 'stock-2');
  t.equal(port, 4101, 'the next port');
  t.ok(generated.findings.every(({ file }) => !file.includes('stock')));
  const changed = readFileSync(join(root, 'parkwise.yaml'), 'utf8');
  for (const line of text.split('\n')) t.ok(changed.includes(line), `still there: ${line}`);
  t.match(changed, /^ {4}stock-2:\n +port: 4101\n +store: sql$/m);
});

t.test('names that clash or are none change nothing', async (t) => {
  const root = aFolder(t);
  init(root);
  await t.rejects(addService(root, 'Orders'), { code: 'invalid-service-name' });
  await t.rejects(addService(root, '../evil'), { code: 'invalid-service-name' });
  await addService(root, 'order-lines');
  await t.rejects(addService(root, 'order-lines'), { code: 'service-exists' });
  t.notOk(existsSync(join(root, 'contracts/openapi/Orders.yaml')));
});
