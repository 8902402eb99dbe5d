import { styleText } from 'node:util';
import type { Examination } from './doctor.ts';
import type { Verdict } from './diagnosis.ts';

const colours = { ok: 'green', warning: 'yellow', problem: 'red' } as const;

/** For people: a line for each thing that was looked at, what to do below what is not right, and the sum. */
export const showExamination = ({ diagnoses }: Examination, { color }: { readonly color: boolean }): string => {
  const width = Math.max(...diagnoses.map(({ check }) => check.length));
  const painted = (verdict: Verdict): string => {
    const word = verdict.padEnd('warning'.length);
    return color ? styleText(colours[verdict], word, { validateStream: false }) : word;
  };
  const lines = diagnoses.flatMap(({ check, verdict, subject, message, hint }) => [
    `${painted(verdict)}  ${check.padEnd(width)}  ${subject === '' ? '' : `${subject}: `}${message}`,
    ...(hint === undefined ? [] : [`${' '.repeat(width + 11)}→ ${hint}`]),
  ]);
  const count = (verdict: Verdict): number => diagnoses.filter((diagnosis) => diagnosis.verdict === verdict).length;
  const said = (verdict: 'warning' | 'problem'): string =>
    `${count(verdict) || 'no'} ${verdict}${count(verdict) === 1 ? '' : 's'}`;
  return [...lines, '', `${said('problem')}, ${said('warning')}`].join('\n');
};
