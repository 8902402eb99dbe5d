/**
 * The problems that the runtime itself answers, whatever the contract says: a fixed set, merged into the document that a service
 * serves (see `with-runtime-answers.ts`). Types are stable: clients may branch on them.
 */
export interface RuntimeProblem {
  readonly status: number;
  readonly title: string;
  /** When it is answered; the description in the served document. */
  readonly when: string;
}

export const runtimeProblems = {
  'invalid-request': {
    status: 400,
    title: 'The request is not what the contract asks for',
    when: 'The path, the query, a header, a cookie or the body does not fit the contract; `errors` names the first fault in each place.',
  },
  'authentication-required': { status: 401, title: 'Authentication is required', when: 'No credentials were sent.' },
  'invalid-credentials': {
    status: 401,
    title: 'The credentials are not valid',
    when: 'The token or key is malformed, expired, not meant for this service, or not known.',
  },
  'insufficient-scope': {
    status: 403,
    title: 'The token lacks a scope',
    when: 'The token does not carry the scopes that the operation asks for.',
  },
  'insufficient-role': {
    status: 403,
    title: 'The caller lacks a role',
    when: 'The caller has none of the roles that the operation is for.',
  },
  'origin-not-allowed': {
    status: 403,
    title: 'Pages of this origin may not connect',
    when: 'A web page of another origin asked for a WebSocket.',
  },
  'not-found': { status: 404, title: 'There is nothing at this address', when: 'The path is none of the contract.' },
  'method-not-allowed': {
    status: 405,
    title: 'The method is not allowed here',
    when: 'The path exists with other methods; `Allow` lists them.',
  },
  'not-acceptable': {
    status: 406,
    title: 'No acceptable representation',
    when: '`Accept` excludes every media type that the operation answers with.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive',
    when: 'The body did not arrive in time.',
  },
  'request-in-progress': {
    status: 409,
    title: 'A request with this key is in progress',
    when: 'Another request with the same `Idempotency-Key` has not been answered yet; `Retry-After` says when to try again.',
  },
  'precondition-failed': {
    status: 412,
    title: 'The resource has changed',
    when: '`If-Match` names another version than the current one.',
  },
  'content-too-large': {
    status: 413,
    title: 'The body is too large',
    when: 'The body, also after decompression, is larger than the service accepts.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The media type is not supported',
    when: '`Content-Type` is missing, or none that the operation reads; or the content coding or charset is not supported.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The key belongs to another request',
    when: 'The `Idempotency-Key` was used before with a different request.',
  },
  'precondition-required': {
    status: 428,
    title: 'If-Match is required',
    when: 'The operation changes a resource and `If-Match` is missing.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    when: 'The rate limit is used up; `Retry-After` says when to try again.',
  },
  'too-many-connections': {
    status: 429,
    title: 'Too many connections',
    when: 'The caller has as many WebSockets open as one may have.',
  },
  'header-fields-too-large': {
    status: 431,
    title: 'The header fields are too large',
    when: 'Request line and headers exceed 16 KiB.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong on our side',
    when: 'A bug or an outage; nothing was stored.',
  },
  'not-implemented': {
    status: 501,
    title: 'The operation is not implemented yet',
    when: 'The request passed every check, and there is no handler for it yet.',
  },
  unavailable: {
    status: 503,
    title: 'The service is not available now',
    when: 'The service is starting or stopping, or could not answer in time.',
  },
} as const satisfies Readonly<Record<string, RuntimeProblem>>;

export type RuntimeProblemName = keyof typeof runtimeProblems;

/** The `type` member (RFC 9457): a name, not an address. */
export const problemType = (name: RuntimeProblemName): string => `urn:parkwise:problem:${name}`;
