import type { BoundHandlers, Clock, Ids, Log, ServiceTables } from '../process/service-definition.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ApiKeys, TokenVerifier } from '../security/verified-token.ts';
import type { ContractViolation } from './answers/check-answer.ts';
import type { RateLimits } from './rate-limit.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export interface HttpLimits {
  /** Of a body, also after decompression; 1 MiB. */
  readonly bodyBytes: number;
  /** Until a body has arrived; 10 s. */
  readonly bodyTimeoutMs: number;
  /** Until the head of a request has arrived; 10 s. */
  readonly headTimeoutMs: number;
  /** Until a handler has answered; then 503, and its signal is aborted; 30 s. */
  readonly handlerTimeoutMs: number;
  /** An idle connection is kept; 65 s, longer than load balancers do. */
  readonly keepAliveMs: number;
}

export const defaultLimits: HttpLimits = {
  bodyBytes: 1024 * 1024,
  bodyTimeoutMs: 10_000,
  headTimeoutMs: 10_000,
  handlerTimeoutMs: 30_000,
  keepAliveMs: 65_000,
};

export interface HttpApplicationOptions {
  readonly tables: Pick<ServiceTables, 'name' | 'routes' | 'securitySchemes' | 'documents'>;
  /** Handlers by operation id. */
  readonly operations: BoundHandlers['operations'];
  readonly unitOfWork: UnitOfWork;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Without it no spans are made. */
  readonly tracing?: Tracing;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Without it no bearer token is accepted. */
  readonly tokens?: TokenVerifier;
  /** Without them no API key is accepted. */
  readonly apiKeys?: ApiKeys;
  readonly rateLimits?: RateLimits;
  readonly limits?: Partial<HttpLimits>;
  /** What readiness depends on, by name; each resolves when it can be reached. */
  readonly readinessChecks?: Readonly<Record<string, () => unknown>>;
  /** Adds HSTS; off by default. */
  readonly behindTls?: boolean;
  readonly onContractViolation?: (violation: ContractViolation) => void;
}
