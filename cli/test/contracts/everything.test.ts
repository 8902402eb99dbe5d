import { fileURLToPath } from 'node:url';
import t from 'tap';
import { loadWorkspace } from '../../src/contracts/load-workspace.ts';

const root = fileURLToPath(new URL('fixtures/everything', import.meta.url));

const refsIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
};

void t.test('every construct that is carried passes without an error', async (t) => {
  const { workspace, findings } = await loadWorkspace(root);
  t.strictSame(
    findings.map(({ severity, rule }) => `${severity} ${rule}`),
    ['info reads-not-declared', 'warning unbounded-request'],
  );
  for (const { http, messaging } of workspace?.services ?? []) {
    for (const ref of [...refsIn(http?.document), ...refsIn(messaging?.document)]) {
      t.match(ref, /^#\/(components\/[a-zA-Z]+|channels|servers)\//, ref);
    }
    for (const ref of refsIn(messaging?.schemas)) t.match(ref, /^#\/components\/schemas\/[^/]+$/, ref);
  }
  t.equal(workspace?.services.length, 2);
});

void t.test('reading twice gives the same, byte for byte', async (t) => {
  const [first, second] = [await loadWorkspace(root), await loadWorkspace(root)];
  t.equal(JSON.stringify(first), JSON.stringify(second));
});
