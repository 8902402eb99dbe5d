import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { clockDiagnosis } from '../../src/platform/doctor/check-clock.ts';
import { mariadbVersion } from '../../src/platform/doctor/check-mariadb.ts';
import { checkNode } from '../../src/platform/doctor/check-node.ts';
import { connectionFault } from '../../src/platform/doctor/connection-hint.ts';
import type { Examination } from '../../src/platform/doctor/doctor.ts';
import { showExamination } from '../../src/platform/doctor/show-examination.ts';
import { openShop, type Shop } from './shop.ts';

const schema = JSON.parse(readFileSync(new URL('../../schemas/doctor.schema.json', import.meta.url), 'utf8')) as object;
const isDeclared = new Ajv2020({ strict: true, strictRequired: false }).compile(schema);

const examined = async (shop: Shop, ...args: string[]): Promise<Examination & { code: number | null }> => {
  const { code, stdout } = await shop.run('doctor', '--port-base', String(shop.portBase), ...args, '--json');
  const value = JSON.parse(stdout) as Examination;
  t.ok(isDeclared(value), 'as its schema says', { errors: isDeclared.errors });
  return { code, ...value };
};

t.test('a workspace that is well, and one that runs', async (t) => {
  await using shop = await openShop();
  t.equal((await shop.run('generate', '--force')).code, 0);
  const { code, healthy, diagnoses } = await examined(shop);
  t.strictSame(
    diagnoses.filter(({ verdict }) => verdict === 'problem'),
    [],
  );
  t.match({ code, healthy }, { code: 0, healthy: true });
  t.match(diagnoses, [
    { check: 'node', verdict: 'ok' },
    { check: 'ports', subject: 'orders', message: `port ${shop.portBase + 1} is free` },
    { check: 'ports', subject: 'stock' },
    { check: 'ports', subject: 'development issuer' },
  ]);
});

t.test('each thing that is wrong is named, with what to do', async (t) => {
  await using shop = await openShop();
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(shop.portBase + 1, '127.0.0.1', resolve));
  t.teardown(() => new Promise((resolve) => holder.close(resolve)));
  const folder = (name: string): string => join(shop.root, '.parkwise', name);
  mkdirSync(folder('run'), { recursive: true });
  writeFileSync(folder('run/lock.json'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
  writeFileSync(folder('generate.journal.json'), '{}');
  writeFileSync(folder('data'), 'not a folder');
  mkdirSync(folder('secrets'), { recursive: true });
  writeFileSync(folder('secrets/clients.json'), '{}', { mode: 0o644 });
  const { code, diagnoses } = await examined(shop);
  t.equal(code, 1);
  const of = (check: string) =>
    diagnoses.filter((diagnosis) => diagnosis.check === check && diagnosis.verdict !== 'ok');
  t.match(of('ports'), [
    {
      verdict: 'problem',
      subject: 'orders',
      message: new RegExp(`taken: process ${process.pid} \\(.*node`),
      hint: /--port-base/,
    },
  ]);
  t.match(of('leftovers'), [
    { verdict: 'warning', subject: '.parkwise/run/lock.json', message: /process 4194305, which is gone/ },
    { verdict: 'warning', subject: '.parkwise/generate.journal.json', hint: /parkwise generate/ },
  ]);
  t.match(of('files'), [
    { verdict: 'problem', subject: '.parkwise/data', message: /ENOTDIR/, hint: /folder/ },
    { verdict: 'warning', subject: '.parkwise/secrets/clients.json', hint: 'chmod 600 .parkwise/secrets/clients.json' },
  ]);
  t.match(of('drift')[0], { verdict: 'problem', hint: /parkwise generate/ }, 'nothing was generated here yet');
  rmSync(folder('data'));
  writeFileSync(join(shop.root, 'parkwise.lock'), '<<<<<<< ours\n');
  t.match(
    (await examined(shop)).diagnoses.filter(({ verdict, check }) => verdict === 'problem' && check === 'lock-file'),
    [{ subject: 'parkwise.lock', hint: /version control/ }],
  );
});

t.test('a workspace that is up holds its own ports', async (t) => {
  await using shop = await openShop();
  t.equal((await shop.up('--detach').ended).code, 0);
  const { diagnoses } = await examined(shop);
  t.match(
    diagnoses.filter(({ check }) => check === 'ports'),
    [{ verdict: 'ok', message: /the workspace is up/ }],
  );
});

t.test('wrong usage is no finding', async (t) => {
  await using shop = await openShop();
  t.match(await shop.run('doctor', '--stack', 'other'), { code: 2 });
  t.match(await shop.run('doctor', '--stack', 'external'), { code: 2, stderr: /PARKWISE_MARIADB_URL/ });
  rmSync(join(shop.root, 'parkwise.yaml'));
  t.match(await shop.run('doctor'), { code: 2, stderr: /no parkwise.yaml/ });
});

t.test('how it looks', async (t) => {
  const examination: Examination = {
    stack: 'embedded',
    healthy: false,
    diagnoses: [
      { check: 'node', verdict: 'ok', subject: '', message: 'Node 24.21.0' },
      {
        check: 'leftovers',
        verdict: 'warning',
        subject: 'a.json',
        message: 'is cut off',
        hint: 'Nothing needs doing.',
      },
      { check: 'ports', verdict: 'problem', subject: 'orders', message: 'port 4001 is taken', hint: 'Stop it.' },
    ],
  };
  t.equal(
    showExamination(examination, { color: false }),
    `ok       node       Node 24.21.0
warning  leftovers  a.json: is cut off
                    → Nothing needs doing.
problem  ports      orders: port 4001 is taken
                    → Stop it.

1 problem, 1 warning`,
  );
  t.match(showExamination(examination, { color: true }), '\u001b[31mproblem\u001b[39m');
});

t.test('what counts as wrong', async (t) => {
  t.match(checkNode('22.1.0'), [{ verdict: 'problem', hint: /Node 24/ }]);
  t.match(mariadbVersion('orders', '10.5.29-MariaDB'), { verdict: 'problem', hint: /10\.6/ });
  t.match(mariadbVersion('orders', '8.4.0'), { verdict: 'problem', message: /no MariaDB/ });
  t.match(mariadbVersion('orders', '11.4.2-MariaDB-ubu2404'), { verdict: 'ok' });
  const clock = (clockOffsetMs: number, clockErrorMs = 5) =>
    clockDiagnosis('redis-clock', '', { clockOffsetMs, clockErrorMs });
  t.match(
    [clock(-300), clock(900), clock(900, 600), clock(-60_000)].map(({ verdict }) => verdict),
    ['ok', 'warning', 'ok', 'problem'],
  );
  t.match(clock(-60_000).message, /60000 ms behind ours/);
  const hintOf = (code: string, message = code) =>
    connectionFault(Object.assign(new Error(message), { code }), 'X_URL').hint;
  t.match(hintOf('ECONNREFUSED'), /Nothing listens there.*X_URL/);
  t.match(hintOf('ER_ACCESS_DENIED_ERROR'), /account is refused/);
  t.match(hintOf('SELF_SIGNED_CERT_IN_CHAIN'), /tlsCa/);
  t.match(hintOf('WHATEVER'), /server's own log/);
});
