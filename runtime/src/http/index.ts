/** The HTTP runtime's surface towards the rest of the runtime. */
export { createHttpApplication, type HttpApplication } from './create-http-application.ts';
export { defaultLimits, type HttpApplicationOptions, type HttpLimits } from './application-options.ts';
export { ContractViolation } from './answers/check-answer.ts';
export { fulfilsIfMatch } from './entity-tag.ts';
export type { PassedConnection } from './idle-connections.ts';
export type { ListeningSocket, PassOn } from './listener.ts';
export type { RateLimit, RateLimits } from './rate-limit.ts';
export { problemType, runtimeProblems, type RuntimeProblem, type RuntimeProblemName } from './runtime-problems.ts';
export type { Phase, Readiness, ServiceState } from './service-state.ts';
export {
  KeyTakenError,
  type CommitUnit,
  type IdempotencyRequest,
  type OpenedUnit,
  type StoredAnswer,
  type TakenKey,
  type UnitOfWork,
  type UnitRequest,
  type Verdict,
} from './unit-of-work.ts';
export { withRuntimeAnswers } from './with-runtime-answers.ts';
