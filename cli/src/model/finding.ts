import type { SourcePosition } from './workspace.ts';

/** One thing that is wrong with a contract, the workspace file or generated code, and what to do about it. */
export interface Finding extends SourcePosition {
  /** Stable kebab-case id. */
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** What to do, in one sentence. */
  readonly hint: string;
}
