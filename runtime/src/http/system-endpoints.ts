/** What every service answers besides its contract: health, metrics, its own documents. */
import type { Registry } from 'prom-client';
import type { WireAnswer } from './answers/wire-answer.ts';
import type { ServiceState } from './service-state.ts';

export interface SystemEndpoints {
  readonly state: ServiceState;
  readonly metrics: Registry;
  readonly documents: {
    readonly openapi?: (() => unknown) | undefined;
    readonly asyncapi?: (() => unknown) | undefined;
  };
}

export type AnswerSystem = (method: string, path: string) => WireAnswer | undefined | Promise<WireAnswer>;

const json = (body: unknown, status = 200): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Undefined for every path that is not the system's. */
export const compileSystemEndpoints = ({ state, metrics, documents }: SystemEndpoints): AnswerSystem => {
  const table = new Map<string, () => WireAnswer | Promise<WireAnswer>>([
    ['/health/live', () => json({ status: 'alive' })],
    [
      '/health/ready',
      async () => {
        const { isReady, phase, failing } = await state.readiness();
        return json({ status: isReady ? 'ready' : phase, ...(failing.length > 0 && { failing }) }, isReady ? 200 : 503);
      },
    ],
    [
      '/metrics',
      async () => ({ status: 200, headers: { 'content-type': metrics.contentType }, body: await metrics.metrics() }),
    ],
  ]);
  const addDocument = (path: string, read: (() => unknown) | undefined): void => {
    if (!read) return;
    let answer: WireAnswer | undefined;
    table.set(path, () => (answer ??= json(read())));
  };
  addDocument('/openapi.json', documents.openapi);
  addDocument('/asyncapi.json', documents.asyncapi);
  return (method, path) => (method === 'GET' || method === 'HEAD' ? table.get(path)?.() : undefined);
};
