import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { generate } from '../../src/application/generate.ts';
import { aWorkspace } from '../generate/a-workspace.ts';

t.setTimeout(200_000);

/** A run that is killed after its n-th change of the disk: the next one repairs it, and takes nothing of ours for an edit. */
const killAfter = async (root: string, changes: number): Promise<boolean> => {
  const program = fileURLToPath(new URL('./fixtures/killed-run.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=parkwise-source', program, root, String(changes)], {
    stdio: 'ignore',
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal === 'SIGKILL';
};

t.test('killed at any point, repaired by the next', { timeout: 200_000 }, async (t) => {
  const wanted = aWorkspace(t);
  await generate({ root: wanted.root });
  const first = wanted.files();
  wanted.edit('contracts/openapi/orders.yaml', (text) => text.replaceAll('An order', 'One order'));
  await generate({ root: wanted.root });
  const second = wanted.files();

  let points = 0;
  for (let changes = 1; ; changes += changes < 2 ? 2 : 5) {
    const workspace = aWorkspace(t);
    const wasKilled = await killAfter(workspace.root, changes);
    if (!wasKilled) break;
    points += 1;
    // What was written for the old contract is ours, also where no lock knows of it.
    if (changes % 2 === 0)
      workspace.edit('contracts/openapi/orders.yaml', (text) => text.replaceAll('An order', 'One order'));
    const { findings } = await generate({ root: workspace.root });
    t.same(findings, [], `nothing is taken for an edit after ${changes} changes`);
    t.same(workspace.files(), changes % 2 === 0 ? second : first, `all is there after ${changes} changes`);
  }
  t.ok(points > 4, `${points} points`);
});

t.test('an edit after a killed run is an edit', async (t) => {
  const workspace = aWorkspace(t);
  t.ok(await killAfter(workspace.root, 24));
  const file = 'services/orders/src/generated/main.ts';
  workspace.edit(file, (text) => `${text}// mine\n`);
  const { findings } = await generate({ root: workspace.root });
  t.match(findings, [{ rule: 'generated-file-edited', file }]);
  t.match(workspace.read(file), /mine/);
});
