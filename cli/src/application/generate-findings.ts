import type { Finding } from '../model/finding.ts';
import type { Plan } from '../output/plan.ts';

const finding = (file: string, rest: Pick<Finding, 'rule' | 'severity' | 'message' | 'hint'>): Finding => ({
  file,
  line: 1,
  column: 1,
  ...rest,
});

/** What a plan leaves alone. */
export const planFindings = (plan: Plan): Finding[] => [
  ...plan.edited.map((path) =>
    finding(path, {
      rule: 'generated-file-edited',
      severity: 'error',
      message: 'this generated file has been edited, and is left as it is',
      hint: 'Move the change to where it belongs and run "parkwise generate --force", which replaces the file.',
    }),
  ),
  ...plan.editedStale.map((path) =>
    finding(path, {
      rule: 'stale-file-edited',
      severity: 'error',
      message: 'this file is no longer generated; it has been edited, and is left where it is',
      hint: 'Save what is needed of it and delete it.',
    }),
  ),
  ...plan.orphans.map((path) =>
    finding(path, {
      rule: 'handler-left-behind',
      severity: 'warning',
      message: 'nothing in the contract asks for this file any more',
      hint: 'Delete it, or put its operation or message back into the contract.',
    }),
  ),
];

/** What is out of date, for `--check`. */
export const driftFindings = (plan: Plan, isLockCurrent: boolean): Finding[] => {
  const hint = 'Run "parkwise generate" and commit what it writes.';
  const drift = [
    ...plan.write.map(({ path, isNew }) =>
      finding(path, {
        rule: 'generated-file-outdated',
        severity: 'error',
        message: isNew ? 'this file has not been generated yet' : 'this file is not what the contract says',
        hint,
      }),
    ),
    ...plan.remove.map((path) =>
      finding(path, {
        rule: 'generated-file-outdated',
        severity: 'error',
        message: 'this file is no longer generated',
        hint,
      }),
    ),
  ];
  if (drift.length > 0 || isLockCurrent) return drift;
  return [
    finding('parkwise.lock', {
      rule: 'generated-file-outdated',
      severity: 'error',
      message: 'the lock is not what was generated',
      hint,
    }),
  ];
};
