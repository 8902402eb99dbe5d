/** The one place where a thrown error becomes an answer. Its message never does. */
import { ContractViolation } from './answers/check-answer.ts';
import type { WireAnswer } from './answers/wire-answer.ts';
import { ClientGone } from './body/read-bytes.ts';
import type { Exchange } from './exchange.ts';
import { Problem, problemAnswer } from './problem.ts';
import { KeyTakenError } from './unit-of-work.ts';
import { takenKeyAnswer } from './idempotency.ts';
import { KeysUnavailableError } from '../security/verified-token.ts';
import { CommitOutcomeUnknownError, DatabaseUnavailableError } from '../persistence/database-errors.ts';
import type { Log } from '../process/service-definition.ts';

export interface ErrorServices {
  readonly log: Log;
  /** Told when a handler answers what its contract does not declare: the test kit fails the test. */
  readonly onContractViolation?: ((violation: ContractViolation) => void) | undefined;
}

/** An error with this code says that a stored version is not the expected one: somebody else has changed the resource. */
const STALE_VERSION = 'STALE_VERSION';

const OUTCOME_UNKNOWN =
  'It is not known whether this was stored. Repeat it with the same Idempotency-Key, or look before you repeat it.';

export const answerError = (
  error: unknown,
  exchange: Exchange,
  { log, onContractViolation }: ErrorServices,
): WireAnswer | undefined => {
  if (error instanceof Problem) return problemAnswer(error.problem, error.options);
  if (error instanceof ClientGone) return undefined;
  if (error instanceof KeyTakenError) return answerTaken(error);
  const { operationId } = exchange;
  if (error instanceof ContractViolation) {
    log.error(
      { operationId, contractViolation: true, violation: error.message },
      'the answer is not what the contract declares',
    );
    onContractViolation?.(error);
    return problemAnswer('internal-error');
  }
  if ((error as { code?: unknown } | undefined)?.code === STALE_VERSION) return problemAnswer('precondition-failed');
  if (error instanceof KeysUnavailableError) {
    log.error({ operationId, error }, 'tokens cannot be checked');
    return problemAnswer('unavailable', { headers: { 'retry-after': '1' } });
  }
  if (error instanceof DatabaseUnavailableError || error instanceof CommitOutcomeUnknownError) {
    log.error({ operationId, error }, 'the database could not be reached');
    const detail = error instanceof CommitOutcomeUnknownError && { detail: OUTCOME_UNKNOWN };
    return problemAnswer('unavailable', { ...detail, headers: { 'retry-after': '1' } });
  }
  log.error(
    { operationId, error: error instanceof Error ? error : new Error('something else than an Error was thrown') },
    'request failed',
  );
  return problemAnswer('internal-error');
};

const answerTaken = ({ taken }: KeyTakenError): WireAnswer => {
  try {
    return takenKeyAnswer(taken);
  } catch (error) {
    if (error instanceof Problem) return problemAnswer(error.problem, error.options);
    throw error;
  }
};
