/** What clients asked for and what they were told: written down as it happens, append-only, one JSON object a line. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

export interface BookRequest {
  readonly op: 'book';
  /** Idempotency key: several calls with one key are one wish. */
  readonly key: string;
  readonly driverId: string;
  readonly spotId: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

export interface PayRequest {
  readonly op: 'pay';
  readonly bookingId: string;
  readonly paymentId: string;
}

export interface CancelRequest {
  readonly op: 'cancel';
  readonly bookingId: string;
}

export type Request = BookRequest | PayRequest | CancelRequest;

/**
 * `done`: it has happened. `refused`: it has not. `unknown`: the time was over, the connection broke, or the service did not know
 * itself (5xx): it may have happened or not.
 */
export type Outcome =
  | { readonly outcome: 'done'; readonly bookingId: string }
  | { readonly outcome: 'refused'; readonly status: number }
  | { readonly outcome: 'unknown'; readonly why: string };

export interface Call {
  readonly number: number;
  readonly request: Request;
  readonly askedAt: number;
  /** Of a call that was never answered: unknown. */
  readonly told: Outcome;
}

type Line =
  | { readonly number: number; readonly at: number; readonly asked: Request }
  | { readonly number: number; readonly at: number; readonly told: Outcome };

export interface HistoryWriter {
  readonly file: string;
  /** Written before the request leaves. @returns the number under which the outcome is told. */
  asked(request: Request): number;
  told(number: number, outcome: Outcome): void;
}

export const writeHistory = (file: string): HistoryWriter => {
  let last = 0;
  // At once: what is not on the disk when this process is ended was never recorded.
  const append = (line: Line): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
  return {
    file,
    asked(request) {
      last += 1;
      append({ number: last, at: Date.now(), asked: request });
      return last;
    },
    told: (number, outcome) => append({ number, at: Date.now(), told: outcome }),
  };
};

export const readHistory = (file: string): readonly Call[] => {
  if (!existsSync(file)) return [];
  const calls = new Map<number, Call>();
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    if (text === '') continue;
    const line = JSON.parse(text) as Line;
    if ('asked' in line) {
      const { number, at, asked } = line;
      calls.set(number, { number, request: asked, askedAt: at, told: { outcome: 'unknown', why: 'never answered' } });
    } else {
      const call = calls.get(line.number);
      if (!call) throw new Error(`${file}: call ${line.number} was answered and never asked`);
      calls.set(line.number, { ...call, told: line.told });
    }
  }
  return [...calls.values()];
};
