import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { generate } from '../../src/application/generate.ts';

/**
 * Each folder beside this file is a scenario: the workspace in `input` generates exactly what stands in `expected`.
 * With PARKWISE_UPDATE_GOLDEN=1 the expected files are written anew, to be read before they are committed.
 */
const here = fileURLToPath(new URL('.', import.meta.url));
const scenarios = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);

const filesIn = (root: string): Map<string, string> =>
  new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path): [string, string] => [relative(root, path), readFileSync(path, 'utf8')])
      .filter(([path]) => !path.startsWith('.parkwise/') && !path.startsWith('contracts/') && path !== 'parkwise.yaml')
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

for (const scenario of scenarios) {
  t.test(scenario, async (t) => {
    const root = mkdtempSync(join(tmpdir(), 'parkwise-golden-'));
    t.teardown(() => rmSync(root, { recursive: true }));
    cpSync(join(here, scenario, 'input'), root, { recursive: true });
    const { findings } = await generate({ root });
    t.same(findings.filter(({ severity }) => severity === 'error'), [], 'the contracts are sound');
    const generated = filesIn(root);
    const expected = join(here, scenario, 'expected');
    if (process.env['PARKWISE_UPDATE_GOLDEN'] === '1') {
      rmSync(expected, { recursive: true, force: true });
      for (const path of generated.keys()) cpSync(join(root, path), join(expected, path));
    }
    const wanted = filesIn(expected);
    t.same([...generated.keys()], [...wanted.keys()], 'the same files');
    for (const [path, text] of generated) t.equal(text, wanted.get(path), path);

    const before = new Map([...generated.keys()].map((path) => [path, statSync(join(root, path)).mtimeMs]));
    rmSync(join(root, '.parkwise'), { recursive: true });
    const again = await generate({ root });
    t.same([again.written, again.removed], [[], []], 'a second run has nothing to do');
    t.same(new Map([...before.keys()].map((path) => [path, statSync(join(root, path)).mtimeMs])), before, 'and touches nothing');
    t.same((await generate({ root, check: true })).findings.filter(({ severity }) => severity === 'error'), []);
  });
}
