import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** What was tried on one service. */
export interface FuzzCounts {
  readonly operations: number;
  readonly requests: number;
  /** Valid and invalid requests, and how many of each were accepted (2xx). */
  readonly valid: { readonly sent: number; readonly accepted: number };
  readonly invalid: { readonly sent: number; readonly accepted: number };
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Operations that never gave a 2xx: nothing behind their checks was reached. */
  readonly neverAccepted: readonly string[];
}

interface Finished {
  readonly recorder: {
    readonly cases?: Readonly<Record<string, { readonly value: Case }>>;
    readonly interactions?: Readonly<Record<string, { readonly response?: { readonly status_code?: number } | null }>>;
  };
}

interface Case {
  readonly method: string;
  readonly path: string;
  readonly meta?: { readonly generation?: { readonly mode?: string } } | null;
}

/** Counts the requests in Schemathesis' report of events (NDJSON); `operations` are `GET /orders`, as the contract has them. */
export const readReport = async (file: string, operations: readonly string[]): Promise<FuzzCounts> => {
  const statuses: Record<string, number> = {};
  const counts = { valid: { sent: 0, accepted: 0 }, invalid: { sent: 0, accepted: 0 } };
  const accepted = new Set<string>();
  let requests = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const finished = (JSON.parse(line) as { readonly ScenarioFinished?: Finished }).ScenarioFinished;
    const { cases = {}, interactions = {} } = finished?.recorder ?? {};
    for (const [id, { value }] of Object.entries(cases)) {
      const status = interactions[id]?.response?.status_code;
      if (status === undefined) continue;
      requests += 1;
      statuses[status] = (statuses[status] ?? 0) + 1;
      const kind = counts[value.meta?.generation?.mode === 'negative' ? 'invalid' : 'valid'];
      kind.sent += 1;
      if (status >= 300) continue;
      kind.accepted += 1;
      accepted.add(`${value.method} ${value.path}`);
    }
  }
  const neverAccepted = operations.filter((operation) => !accepted.has(operation));
  return { operations: operations.length, requests, ...counts, statuses, neverAccepted };
};
