import t, { type Test } from 'tap';
import type { Transport } from './transports.ts';

/** A test that holds whatever carries the messages. */
export interface Case {
  readonly name: string;
  readonly run: (t: Test, transport: Transport) => Promise<unknown>;
}

/** Runs the same cases, by the same names, on a transport. */
export function runCases(transport: Transport, cases: readonly Case[]): void {
  const { name, skip } = transport;
  for (const one of cases) t.test(`${name}: ${one.name}`, { skip }, (test) => one.run(test, transport));
}

/** Collects cases in the order in which a file states them. */
export function caseList(): { readonly cases: Case[]; readonly add: (name: string, run: Case['run']) => void } {
  const cases: Case[] = [];
  return { cases, add: (name, run) => void cases.push({ name, run }) };
}
