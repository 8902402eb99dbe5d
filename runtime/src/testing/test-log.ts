import type { ServiceLog } from '../observability/create-logger.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** A log that remembers what went wrong, and prints from `level` on to stderr; nothing without one. */
export interface TestLog extends ServiceLog {
  /** Errors that were logged with level error or fatal, oldest first. */
  readonly errors: readonly unknown[];
}

export const testLog = (level?: (typeof LEVELS)[number]): TestLog => {
  const errors: unknown[] = [];
  const least = level === undefined ? LEVELS.length : LEVELS.indexOf(level);
  const write =
    (at: (typeof LEVELS)[number]) =>
    (fields: object, message: string): void => {
      const { err } = fields as { readonly err?: unknown };
      if ((at === 'error' || at === 'fatal') && err !== undefined) errors.push(err);
      if (LEVELS.indexOf(at) < least) return;
      const shown = err instanceof Error ? { ...fields, err: err.stack } : fields;
      process.stderr.write(`${at.padEnd(5)} ${message} ${JSON.stringify(shown)}\n`);
    };
  return {
    errors,
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
  };
};
