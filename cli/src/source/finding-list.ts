import type { Finding } from '../model/finding.ts';
import type { SourcePosition } from '../model/workspace.ts';

export interface FindingText {
  readonly message: string;
  readonly hint: string;
}

/** Collects findings; what is found again from another document is kept once. */
export class FindingList {
  readonly #findings = new Map<string, Finding>();

  error(rule: string, position: SourcePosition, text: FindingText): void {
    this.add({ rule, severity: 'error', ...position, ...text });
  }

  warning(rule: string, position: SourcePosition, text: FindingText): void {
    this.add({ rule, severity: 'warning', ...position, ...text });
  }

  info(rule: string, position: SourcePosition, text: FindingText): void {
    this.add({ rule, severity: 'info', ...position, ...text });
  }

  add(finding: Finding): void {
    const { rule, file, line, column, message } = finding;
    const key = JSON.stringify([rule, file, line, column, message]);
    if (!this.#findings.has(key)) this.#findings.set(key, finding);
  }

  get hasErrors(): boolean {
    return [...this.#findings.values()].some((finding) => finding.severity === 'error');
  }

  /** By file, then by place. */
  sorted(): readonly Finding[] {
    return [...this.#findings.values()].sort(
      (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.rule, b.rule),
    );
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
