/** `reply`, as the contract's answers give it: one object of constructors per operation, made once. */
import type { ReplyDefinition, RouteDefinition } from '../contract.ts';
import type { Reply } from '../operation.ts';
import { nullObject } from '../null-object.ts';
import { PROBLEM_MEDIA_TYPE } from '../problem.ts';
import { problemType, runtimeProblems } from '../runtime-problems.ts';

/** What the constructors make. Being an instance is the brand: a hand-made object is no answer. */
export class Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;

  constructor(
    status: number,
    body: unknown,
    headers: Readonly<Record<string, string>>,
    contentType: string | undefined,
  ) {
    this.status = status;
    this.body = body;
    this.headers = headers;
    this.contentType = contentType;
  }
}

/** Told by identity: no contract declares it, and every operation may answer it. */
export const notImplementedAnswer = new Answer(
  501,
  { type: problemType('not-implemented'), title: runtimeProblems['not-implemented'].title, status: 501 },
  {},
  PROBLEM_MEDIA_TYPE,
);

type HeaderOptions = Readonly<Record<string, unknown>>;
export type ReplyConstructor = (...args: never[]) => Reply;

const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

export const replyConstructors = (
  route: Pick<RouteDefinition, 'replies'>,
): Readonly<Record<string, ReplyConstructor>> => {
  const reply = nullObject();
  for (const [name, definition] of Object.entries(route.replies)) reply[name] = replyConstructor(definition);
  reply['notImplemented'] = () => notImplementedAnswer;
  return Object.freeze(reply) as Readonly<Record<string, ReplyConstructor>>;
};

/** Arguments: the status first where the contract has a range or `default`, then body or problem where there is one, then headers. */
const replyConstructor = (definition: ReplyDefinition): ((...args: unknown[]) => Answer) => {
  const readHeaders = headerReader(definition.headers);
  const { contentType, problem } = definition;
  const isRange = definition.status < 100;
  const hasBody = contentType !== undefined;
  return (...args) => {
    const [status, ...rest] = isRange ? (args as [number, ...unknown[]]) : [definition.status, ...args];
    if (!hasBody) return new Answer(status, undefined, readHeaders(rest[0] as HeaderOptions | undefined), undefined);
    const body = problem
      ? { type: problem.type, title: problem.title, status, ...(rest[0] as object | undefined) }
      : rest[0];
    return new Answer(status, body, readHeaders(rest[1] as HeaderOptions | undefined), contentType);
  };
};

const headerReader = (declared: Readonly<Record<string, string>> | undefined) => {
  const names = Object.entries(declared ?? {}).map(([option, header]) => [option, header.toLowerCase()] as const);
  if (names.length === 0) return () => noHeaders;
  return (options: HeaderOptions | undefined): Readonly<Record<string, string>> => {
    if (!options) return noHeaders;
    const headers: Record<string, string> = {};
    for (const [option, header] of names) {
      const value = options[option];
      if (value !== undefined) headers[header] = headerText(value);
    }
    return headers;
  };
};

/** Style `simple`, the only one that headers of answers have. */
const headerText = (value: unknown): string => {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'object' && value !== null) return Object.entries(value).flat().join(',');
  return String(value);
};
