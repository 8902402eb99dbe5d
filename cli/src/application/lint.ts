import { relative, resolve, sep } from 'node:path';
import { loadWorkspace } from '../contracts/load-workspace.ts';
import type { Finding } from '../model/finding.ts';
import { UserError } from './user-error.ts';

export interface LintOptions {
  /** Folder of the workspace. */
  readonly root: string;
  /** Only findings of these files, which may be given relative to `from`; absent or empty: of all. */
  readonly files?: readonly string[];
  readonly from?: string;
}

/** All findings of a workspace's contracts, sorted by place. A file that no contract refers to is a `UserError`. */
export const lint = async ({ root, files = [], from = root }: LintOptions): Promise<readonly Finding[]> => {
  const { findings, read } = await loadWorkspace(root);
  if (read.length === 0) {
    const [first] = findings;
    throw new UserError({
      code: 'unreadable-workspace',
      message: first ? formatFinding(first) : 'the workspace could not be read',
      nextSteps: first ? [first.hint] : [],
      exitCode: 2,
    });
  }
  if (files.length === 0) return findings;
  const wanted = files.map((file) => relative(root, resolve(from, file)).split(sep).join('/'));
  const unknown = wanted.find((file) => !read.includes(file));
  if (unknown !== undefined) {
    throw new UserError({
      code: 'unknown-file',
      message: `${unknown} belongs to no contract of this workspace`,
      nextSteps: ['Name parkwise.yaml, a contract, or a file that a contract refers to.'],
      exitCode: 2,
    });
  }
  return findings.filter(({ file }) => wanted.includes(file));
};

/** `file:line:column severity rule message` */
export const formatFinding = ({ file, line, column, severity, rule, message }: Finding): string =>
  `${file}:${line}:${column} ${severity} ${rule} ${message}`;

/** For people: by file, each finding with its hint below, and how many there are. */
export const formatFindings = (findings: readonly Finding[]): string => {
  const blocks: string[] = [];
  let file: string | undefined;
  for (const finding of findings) {
    if (file !== undefined && finding.file !== file) blocks.push('');
    file = finding.file;
    blocks.push(formatFinding(finding), `    ${finding.hint}`);
  }
  const counted = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count > 0 ? [`${count} ${severity}${count > 1 && severity !== 'info' ? 's' : ''}`] : [];
  });
  return [
    ...blocks,
    ...(findings.length > 0 ? [''] : []),
    counted.length > 0 ? counted.join(', ') : 'no findings',
  ].join('\n');
};
