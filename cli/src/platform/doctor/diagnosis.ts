import type { Platform } from '../read-platform.ts';
import type { RunFiles } from '../run-files.ts';
import type { Environment } from '../environment.ts';
import type { StackKind } from '../stack/stack.ts';

export type Verdict = 'ok' | 'warning' | 'problem';

/** One thing that `parkwise doctor` has looked at. */
export interface Diagnosis {
  /** Stable kebab-case id: `ports`, `mariadb-clock`. */
  readonly check: string;
  readonly verdict: Verdict;
  /** Of what it is about: a service, a file; empty for the machine or the workspace. */
  readonly subject: string;
  readonly message: string;
  /** What to do; there for everything that is not ok. */
  readonly hint?: string;
}

/** What the checks look at. */
export interface Patient {
  readonly root: string;
  readonly platform: Platform;
  readonly files: RunFiles;
  readonly stack: StackKind;
  /** With what `.env` adds to it. */
  readonly env: Environment;
}

/** Looks at one thing, changes nothing that lasts. */
export type Check = (patient: Patient) => Promise<readonly Diagnosis[]> | readonly Diagnosis[];

type Said = Pick<Diagnosis, 'subject' | 'message'>;

/** Makes the diagnoses of one check. */
export const diagnosing = (check: string) => ({
  ok: (subject: string, message: string): Diagnosis => ({ check, verdict: 'ok', subject, message }),
  warning: (said: Said, hint: string): Diagnosis => ({ check, verdict: 'warning', ...said, hint }),
  problem: (said: Said, hint: string): Diagnosis => ({ check, verdict: 'problem', ...said, hint }),
});
