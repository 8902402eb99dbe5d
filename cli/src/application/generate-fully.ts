import { join } from 'node:path';
import type { Finding } from '../model/finding.ts';
import { hashOf } from '../output/hash.ts';
import { readJournal } from '../output/journal.ts';
import { lockFile, pristineDirectory, printLock, readIfThere, readLock } from '../output/lock.ts';
import { makePlan, type Plan } from '../output/plan.ts';
import { carryOut } from '../output/writer.ts';
import { remember } from './generate-cache.ts';
import { driftFindings, planFindings } from './generate-findings.ts';
import type { GenerateOptions, GenerateResult } from './generate.ts';
import { emitWorkspace, type EmittedWorkspace } from './emit-workspace.ts';

/** The whole way: contracts, model, emitters, formatter, plan, disk. */
export const generateFully = async (options: GenerateOptions): Promise<GenerateResult> => {
  const { root, check = false, dryRun = false, force = false } = options;
  const chosen = options.services ?? [];
  const emitted = await emitWorkspace(root, chosen);
  if (emitted.files === undefined) return { findings: emitted.findings, written: [], removed: [] };

  const plan = makePlan({
    root,
    files: emitted.files,
    lock: readLock(root),
    journal: readJournal(root),
    force,
    isCovered: (path) => chosen.length === 0 || chosen.some((name) => path.startsWith(`services/${name}/`)),
  });
  const lasting = [...emitted.findings, ...planFindings(plan)];
  const isDone = !(check || dryRun);
  if (isDone) carryOut(root, plan);
  if (chosen.length === 0 && (isDone || isSettled(root, plan))) rememberRun({ root, plan, emitted, findings: lasting });
  return {
    findings: check ? [...lasting, ...driftFindings(plan, isLockCurrent(root, plan))] : lasting,
    written: plan.write.map(({ path }) => path).filter(isVisible),
    removed: plan.remove.filter(isVisible),
  };
};

/** The tool's own copies are not worth a line. */
const isVisible = (path: string): boolean => !path.startsWith(`${pristineDirectory}/`);

const isLockCurrent = (root: string, plan: Plan): boolean => readIfThere(join(root, lockFile)) === printLock(plan.lock);

const isSettled = (root: string, plan: Plan): boolean =>
  plan.write.length === 0 && plan.remove.length === 0 && isLockCurrent(root, plan);

interface Run {
  readonly root: string;
  readonly plan: Plan;
  readonly emitted: EmittedWorkspace;
  readonly findings: readonly Finding[];
}

/** A run that left edited files behind is not remembered: the next one has to look again. */
const rememberRun = ({ root, plan, emitted, findings }: Run): void => {
  if (plan.edited.length > 0 || plan.editedStale.length > 0) return;
  remember(root, {
    read: emitted.read,
    outputs: { ...plan.lock.regenerated, [lockFile]: hashOf(printLock(plan.lock)) },
    scaffolds: (emitted.files ?? [])
      .filter(({ policy, once }) => policy === 'scaffolded' && once !== true)
      .map(({ path }) => path),
    orphans: plan.orphans,
    findings,
  });
};
