import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { demoDone, demoNotes, demoOver, wantsDemo } from '../../src/platform/demo-data.ts';
import { databaseFile, runFiles } from '../../src/platform/run-files.ts';

const service = { name: 'orders', directory: '/', external: false, store: 'sql', demo: true, scale: 1 } as const;

const unfinished = () => ({ state: 'unfinished' }) as const;

const folder = (test: { teardown(clean: () => void): unknown }) => {
  const root = mkdtempSync(join(tmpdir(), 'demo-'));
  test.teardown(() => rmSync(root, { recursive: true }));
  const files = runFiles(root);
  mkdirSync(files.data, { recursive: true });
  const database = databaseFile(files, service.name);
  return { files, database, store: () => writeFileSync(database, 'rows') };
};

t.test('only a database that is not there yet is filled, and its notes are kept', async (t) => {
  const { files, store } = folder(t);
  t.ok(wantsDemo(service, files, unfinished));
  store();
  demoDone(files, service.name, ['sign in as ann']);
  t.notOk(wantsDemo(service, files, unfinished));
  t.strictSame(demoNotes(files, service.name), ['sign in as ann']);
});

t.test('one that was there before demo data was asked for stays as it is', async (t) => {
  const { files, database, store } = folder(t);
  store();
  t.notOk(wantsDemo(service, files, unfinished));
  t.notOk(wantsDemo(service, files, unfinished));
  t.ok(existsSync(database));
});

t.test('one whose filling was cut off is thrown away and filled anew', async (t) => {
  const { files, database, store } = folder(t);
  t.ok(wantsDemo(service, files, unfinished));
  store();
  t.ok(wantsDemo(service, files, unfinished));
  t.notOk(existsSync(database));
});

t.test('one that says itself that it was filled stays as it is, and its notes are kept', async (t) => {
  const { files, database, store } = folder(t);
  t.ok(wantsDemo(service, files, unfinished));
  store();
  t.notOk(wantsDemo(service, files, () => ({ state: 'filled', notes: ['sign in as ann'] })));
  t.ok(existsSync(database));
  t.strictSame(demoNotes(files, service.name), ['sign in as ann']);
});

t.test('one of a service that answers is never thrown away, whether it had demo data or not', async (t) => {
  const { files, database, store } = folder(t);
  t.ok(wantsDemo(service, files, unfinished));
  store();
  demoOver(files, service.name);
  t.notOk(wantsDemo(service, files, unfinished));
  t.ok(existsSync(database));
});
