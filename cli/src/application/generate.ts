import type { Finding } from '../model/finding.ts';
import { unchangedSince } from './generate-cache.ts';

export interface GenerateOptions {
  /** Folder of the workspace. */
  readonly root: string;
  /** Only these; absent or empty: all. */
  readonly services?: readonly string[];
  /** Changes nothing; whatever a run would change is a finding. */
  readonly check?: boolean;
  /** Changes nothing, says what a run would do. */
  readonly dryRun?: boolean;
  /** Replaces edited files under `generated/`. */
  readonly force?: boolean;
}

export interface GenerateResult {
  readonly findings: readonly Finding[];
  /** Written, or with `check` and `dryRun` what would be. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Makes the generated files what the contracts say. Contracts with errors generate nothing; an edited file is left alone and
 * reported, the rest is written.
 *
 * @throws UserError on a service that is not there, and on a lock that cannot be read
 */
export const generate = async (options: GenerateOptions): Promise<GenerateResult> => {
  const isWhole = (options.services ?? []).length === 0;
  const known = isWhole && options.force !== true ? unchangedSince(options.root) : undefined;
  if (known !== undefined) return { findings: known, written: [], removed: [] };
  const { generateFully } = await import('./generate-fully.ts');
  return generateFully(options);
};
