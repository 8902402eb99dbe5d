import type { Figure } from '../figure.ts';

export interface LoadOptions {
  /** Fewer and shorter rounds: shows that it works, and hardly more. */
  readonly quick: boolean;
}

/** What one benchmark of this folder exports. */
export interface LoadBench {
  run(options: LoadOptions): Promise<Figure[]>;
}

/** A figure without a goal: for comparison. */
export const noted = (name: string, value: number, unit: string): Figure => ({
  name,
  value,
  unit,
  goal: 'for comparison',
  holds: true,
});

export const atLeast = (
  name: string,
  value: number,
  goal: { readonly value: number; readonly says: string },
): Figure => ({
  name,
  value,
  unit: 'ratio',
  goal: goal.says,
  holds: value >= goal.value,
});

/** Stands where figures would: nothing was measured, so nothing is missed either. */
export const skipped = (name: string, why: string): Figure => ({
  name: `${name}: skipped, ${why}`,
  value: 0,
  unit: 'skipped',
  goal: '',
  holds: true,
});
