/** A real server for a handful of routes, and a stand-in for the database that keeps idempotency keys in memory. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ParameterDefinition, RouteDefinition, Validator, ValueShape } from '../../src/http/contract.ts';
import type { ContractViolation } from '../../src/http/answers/check-answer.ts';
import type { HttpApplicationOptions } from '../../src/http/application-options.ts';
import { createHttpApplication } from '../../src/http/create-http-application.ts';
import { KeyTakenError, type StoredAnswer, type UnitOfWork } from '../../src/http/unit-of-work.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import type { OperationHandler } from '../../src/process/service-definition.ts';
import type { Tx } from '../../src/persistence/tx.ts';

const ajv = new Ajv2020({ strict: false, ownProperties: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);

export const validator = (schema: object | boolean): Validator => ajv.compile(schema) as unknown as Validator;

export const parameter = (
  place: ParameterDefinition['in'],
  name: string,
  shape: ValueShape,
  more: Partial<ParameterDefinition> = {},
): ParameterDefinition => ({
  name,
  in: place,
  required: place === 'path',
  style: place === 'path' || place === 'header' ? 'simple' : 'form',
  explode: place === 'query' || place === 'cookie',
  shape,
  ...more,
});

export const scalar = (...types: Extract<ValueShape, { kind: 'scalar' }>['types']): ValueShape => ({
  kind: 'scalar',
  types,
});

export const route = (
  definition: Partial<RouteDefinition> & { path: string; operationId: string },
): RouteDefinition => ({
  method: 'get',
  security: [],
  parameters: [],
  validate: {},
  responses: { '200': { headers: {}, content: { 'application/json': { validate: validator(true) } } } },
  replies: { ok: { status: 200, contentType: 'application/json' } },
  ...definition,
});

type Reply = Record<string, (...args: unknown[]) => never>;
export interface HandlerInput {
  readonly path: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly headers: Record<string, unknown>;
  readonly cookies: Record<string, unknown>;
  readonly body: unknown;
  readonly contentType: string;
  readonly auth: { subject: string; scopes: string[]; roles: string[]; scheme: string } | undefined;
  readonly reply: Reply;
  readonly signal: AbortSignal;
  readonly correlationId: string;
  readonly preferred: string;
  readonly commit: <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;
}
export type Handle = (input: HandlerInput) => Promise<unknown>;
export const handler = (handle: Handle): OperationHandler => handle as unknown as OperationHandler;

/** Answers what it was given, to be compared with what the client meant. */
export const echo: OperationHandler = handler(
  async ({ reply, path, query, headers, cookies, body, contentType, auth }) =>
    reply['ok']!({ path, query, headers, cookies, body, contentType, auth }),
);

/** Keys in memory; `rows` shows which transactions were kept. */
export const memoryUnits = () => {
  const keys = new Map<string, { fingerprint: string; answer: StoredAnswer }>();
  const rows: unknown[] = [];
  let queue: Promise<unknown> = Promise.resolve();
  const units: UnitOfWork = {
    open({ idempotency }) {
      const id =
        idempotency && JSON.stringify([idempotency.subject, idempotency.method, idempotency.route, idempotency.key]);
      const taken = () => {
        const stored = id === undefined ? undefined : keys.get(id);
        if (!stored) return undefined;
        if (stored.fingerprint !== idempotency?.fingerprint) return { outcome: 'mismatch' } as const;
        return { outcome: 'replay', answer: stored.answer } as const;
      };
      const early = taken();
      if (early) return early;
      return {
        outcome: 'fresh',
        commit: (work, judge) => {
          const run = queue.then(async () => {
            const late = taken();
            if (late) throw new KeyTakenError(late);
            const tx = { written: [] as unknown[] };
            const result = await work(tx as unknown as Tx);
            const { keep, answer } = judge(result);
            if (keep) rows.push(...tx.written);
            if (answer && id !== undefined) keys.set(id, { fingerprint: idempotency?.fingerprint ?? '', answer });
            return result;
          });
          queue = run.catch(() => undefined); // its own caller hears of it
          return run;
        },
      };
    },
  };
  return { units, rows, write: (tx: Tx, row: unknown) => (tx as unknown as { written: unknown[] }).written.push(row) };
};

export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly violations: ContractViolation[];
  readonly lines: Record<string, unknown>[];
  readonly app: ReturnType<typeof createHttpApplication>;
}

export const serve = async (
  routes: readonly RouteDefinition[],
  operations: Record<string, OperationHandler>,
  more: Partial<HttpApplicationOptions> = {},
): Promise<Served> => {
  const violations: ContractViolation[] = [];
  const lines: Record<string, unknown>[] = [];
  const write = (level: string) => (fields: object, message: string) => void lines.push({ level, message, ...fields });
  let id = 0;
  const app = createHttpApplication({
    tables: { name: 'orders', routes, securitySchemes: {}, documents: {} },
    operations,
    unitOfWork: memoryUnits().units,
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    metrics: createMetrics({ service: 'orders', processMetrics: false }),
    clock: { now: () => new Date('2026-01-01T00:00:00Z') },
    ids: { next: () => `00000000-0000-7000-8000-${String((id += 1)).padStart(12, '0')}` },
    onContractViolation: (violation) => void violations.push(violation),
    ...more,
  });
  const { port } = await app.listen(0, '127.0.0.1');
  app.state.phase = 'ready';
  return { url: `http://127.0.0.1:${port}`, port, violations, lines, app, [Symbol.asyncDispose]: () => app.close(0) };
};
