/**
 * Search, quote and booking through the platform, requests a second and milliseconds, beside the same services written by hand:
 * node:http, jose, node:sqlite or mysql2, the same rules and checks, but without outbox, idempotency keys, checks of answers, metrics
 * and log. 16 connections, closed loop; clients, services and servers share the machine.
 */
import type { Figure } from '../figure.ts';
import { noted, skipped, type LoadOptions } from './figures.ts';
import { operations } from './http/calls.ts';
import { AT_ONCE, type Answers } from './http/closed-loop.ts';
import { compare, type Plan, type Stack } from './http/compare.ts';
import { missing } from './servers.ts';
import { median, medianRatio, percentile, rounded } from './statistics.ts';

const PLAN: Plan = { rounds: 5, warmUpMs: 1_500, roundMs: 1_200 };
const QUICK: Plan = { rounds: 2, warmUpMs: 300, roundMs: 300 };

const ratesOf = (answers: readonly Answers[]): readonly number[] => answers.map(({ rate }) => rate);

const measure = async (stack: Stack, plan: Plan): Promise<Figure[]> => {
  const measured = await compare(stack, plan);
  return operations.flatMap((operation) => {
    const { ours, byHand } = measured[operation];
    const name = `${operation}, ${stack}`;
    const of = (answers: readonly Answers[], share: number): number =>
      rounded(median(answers.map(({ took }) => percentile(took, share))));
    return [
      noted(`${name}, ${AT_ONCE} connections`, Math.round(median(ratesOf(ours))), '1/s'),
      ...[50, 95, 99].map((share) => noted(`${name}, p${share}`, of(ours, share / 100), 'ms')),
      noted(`${name}, by hand without outbox and idempotency`, Math.round(median(ratesOf(byHand))), '1/s'),
      ...[50, 95, 99].map((share) => noted(`${name}, by hand, p${share}`, of(byHand, share / 100), 'ms')),
      noted(`${name}, rate to the same by hand`, rounded(medianRatio(ratesOf(ours), ratesOf(byHand))), 'ratio'),
    ];
  });
};

export const run = async ({ quick }: LoadOptions): Promise<Figure[]> => {
  const plan = quick ? QUICK : PLAN;
  const embedded = await measure('embedded', plan);
  if (missing) return [...embedded, skipped('search, quote and booking, external', missing)];
  return [...embedded, ...(await measure('external', plan))];
};
