import type { GenerateResult } from './generate.ts';

/** For people: what was found, what was written, in a line each. */
export const formatGenerated = (
  { findings, written, removed }: GenerateResult,
  { isDone }: { isDone: boolean },
): string => {
  const notes = findings.flatMap(({ file, line, column, severity, rule, message, hint }) => [
    `${file}:${line}:${column} ${severity} ${rule} ${message}`,
    `    ${hint}`,
  ]);
  const changes = isDone
    ? []
    : [...written.map((path) => `would write ${path}`), ...removed.map((path) => `would remove ${path}`)];
  const failed = findings.some(({ severity }) => severity === 'error');
  const [wrote, deleted] = isDone ? ['written', 'removed'] : ['to write', 'to remove'];
  const counts = [
    ...(written.length > 0 ? [`${count(written.length)} ${wrote}`] : []),
    ...(removed.length > 0 ? [`${count(removed.length)} ${deleted}`] : []),
  ];
  const summary = counts.length > 0 ? counts.join(', ') : failed ? 'nothing written' : 'everything is up to date';
  return [...notes, ...(notes.length > 0 ? [''] : []), ...changes, summary].join('\n');
};

const count = (files: number): string => `${files} file${files === 1 ? '' : 's'}`;
