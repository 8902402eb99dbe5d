import { diagnosing, type Diagnosis } from './diagnosis.ts';

/** Leases and deadlines are compared across machines: more than this and they end too soon or too late. */
const WARN_MS = 500;
const PROBLEM_MS = 5_000;

export interface ClockReading {
  readonly clockOffsetMs: number;
  readonly clockErrorMs: number;
}

/** A server's clock beside ours. */
export const clockDiagnosis = (check: string, subject: string, reading: ClockReading): Diagnosis => {
  const { ok, warning, problem } = diagnosing(check);
  const { clockOffsetMs: offset, clockErrorMs: error } = reading;
  const distance = Math.max(0, Math.abs(offset) - error);
  const way = offset < 0 ? 'behind' : 'ahead of';
  const message = `its clock is ${Math.abs(offset)} ms ${way} ours (known to ${error} ms)`;
  const hint = 'Let both machines take their time from NTP.';
  if (distance > PROBLEM_MS) return problem({ subject, message }, hint);
  return distance > WARN_MS ? warning({ subject, message }, hint) : ok(subject, message);
};
