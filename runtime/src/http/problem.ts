import { problemType, runtimeProblems, type RuntimeProblemName } from './runtime-problems.ts';
import type { RequestFault } from './request-fault.ts';
import type { WireAnswer } from './answers/wire-answer.ts';

export interface ProblemOptions {
  /** Goes over the wire: never a message of an error, never what was sent. */
  readonly detail?: string;
  readonly errors?: readonly RequestFault[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by a stage of the request to answer with one of the runtime's problems (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly problem: RuntimeProblemName;
  readonly options: ProblemOptions;

  constructor(problem: RuntimeProblemName, options: ProblemOptions = {}) {
    super(problem);
    this.problem = problem;
    this.options = options;
  }
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export const problemAnswer = (
  name: RuntimeProblemName,
  { detail, errors, headers }: ProblemOptions = {},
): WireAnswer => {
  const { status, title } = runtimeProblems[name];
  const body = {
    type: problemType(name),
    title,
    status,
    ...(detail !== undefined && { detail }),
    ...(errors && { errors }),
  };
  return { status, headers: { ...headers, 'content-type': PROBLEM_MEDIA_TYPE }, body: JSON.stringify(body) };
};
