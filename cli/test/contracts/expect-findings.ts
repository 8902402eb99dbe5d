import type { Test } from 'tap';
import { loadWorkspace } from '../../src/contracts/load-workspace.ts';
import { inlineWorkspace } from './inline-workspace.ts';
import type { InlineFiles } from './inline-workspace.ts';

/** Remarks that nearly every small contract earns: only expected where a mark says so. */
const remarks = new Set(['unbounded-request', 'reads-not-declared', 'no-success']);

/** The findings of a workspace are those that its marks say, at their places and no others. */
export const expectFindings = async (t: Test, files: InlineFiles): Promise<void> => {
  const { root, expected } = inlineWorkspace(t, files);
  const { findings } = await loadWorkspace(root);
  const found = findings
    .filter(({ rule }) => !remarks.has(rule) || expected.some((mark) => mark.rule === rule))
    .map(({ rule, file, line, column }) => `${file}:${line}:${column} ${rule}`);
  const wanted = expected.map(({ rule, file, line, column }) => `${file}:${line}:${column} ${rule}`);
  t.strictSame(found.toSorted(), wanted.toSorted(), { findings });
  for (const { message, hint } of findings) t.ok(message.length > 10 && hint.length > 5, `${message} ${hint}`);
};

/** One subtest per case. */
export const expectEach = (t: Test, cases: Readonly<Record<string, InlineFiles>>): void => {
  for (const [name, files] of Object.entries(cases)) void t.test(name, (t) => expectFindings(t, files));
};
