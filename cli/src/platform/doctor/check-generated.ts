import { generate } from '../../application/generate.ts';
import { UserError } from '../../application/user-error.ts';
import { lockFile, readIfThere, readLock } from '../../output/lock.ts';
import { join } from 'node:path';
import { diagnosing, type Diagnosis, type Patient } from './diagnosis.ts';

const lock = diagnosing('lock-file');
const drift = diagnosing('drift');

/** Files that are named; the rest is counted. */
const NAMED = 5;

/** Whether the lock can be read, and generated code is what the contracts say: `generate --check` in this process. */
export const checkGenerated = async ({ root }: Patient): Promise<readonly Diagnosis[]> => {
  try {
    readLock(root);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [lock.problem({ subject: lockFile, message: error.message }, error.nextSteps.join(' '))];
  }
  const isThere = readIfThere(join(root, lockFile)) !== undefined;
  const lockState = isThere
    ? lock.ok(lockFile, 'can be read')
    : lock.warning({ subject: lockFile, message: 'is not there' }, 'Run "parkwise generate" and commit it.');
  const { findings } = await generate({ root, check: true });
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return [lockState, drift.ok('', 'generated code is what the contracts say')];
  const named = errors.slice(0, NAMED).map(({ file, line, column, message, hint }) => {
    const place = line === 1 && column === 1 ? file : `${file}:${line}:${column}`;
    return drift.problem({ subject: place, message }, hint);
  });
  const rest = errors.length - named.length;
  if (rest === 0) return [lockState, ...named];
  const more = { subject: '', message: `${rest} more ${rest === 1 ? 'finding' : 'findings'} of this kind` };
  return [lockState, ...named, drift.problem(more, '"parkwise generate --check" lists them all.')];
};
