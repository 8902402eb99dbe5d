/** Something the user can mend: printed without a stack, with what to do. Everything else that is thrown is a bug of ours (exit 3). */
export class UserError extends Error {
  readonly code: string;
  readonly nextSteps: readonly string[];
  /** 1 findings, 2 usage or input, 3 the environment's failure. */
  readonly exitCode: 1 | 2 | 3;

  constructor(options: { code: string; message: string; nextSteps?: readonly string[]; exitCode?: 1 | 2 | 3 }) {
    super(options.message);
    this.name = 'UserError';
    this.code = options.code;
    this.nextSteps = options.nextSteps ?? [];
    this.exitCode = options.exitCode ?? 2;
  }
}
