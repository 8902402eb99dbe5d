import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';

const here = import.meta.dirname;
const repository = join(here, '../../..');

t.setTimeout(200_000);

t.test('what golden.test.ts expects compiles under the strictest settings', { timeout: 150_000 }, (t) => {
  const configuration = join(here, 'tsconfig.json');
  writeFileSync(
    configuration,
    JSON.stringify({
      extends: '../../../tsconfig.json',
      include: ['*/expected/services/*/src', '*/expected/services/*/test'],
      exclude: [],
    }),
  );
  t.teardown(() => rmSync(configuration));
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', configuration], { encoding: 'utf8' });
  const own = stdout.split('\n').filter((line) => line.includes('expected/'));
  t.same(own, []);
  t.ok(status !== null, 'it ran');
  t.end();
});
