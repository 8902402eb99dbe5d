import { ConfigurationError } from '../configuration/configuration-error.ts';
import { MigrationError } from '../persistence/migrations.ts';

/** Why a service cannot start. `start` is everything that has no code of its own. */
export type StartErrorCode = 'configuration' | 'database' | 'migration' | 'events' | 'port-taken' | 'demo' | 'start';

/** A service cannot start; the message is for whoever runs it. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: StartErrorCode;

  constructor(code: StartErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}

/** Runs one step of the start; what it throws becomes a StartError with the step's code. */
export const startStep = async <R>(code: StartErrorCode, what: string, work: () => Promise<R> | R): Promise<R> => {
  try {
    return await work();
  } catch (error) {
    throw asStartError(error, code, what);
  }
};

const asStartError = (error: unknown, code: StartErrorCode, what: string): StartError => {
  if (error instanceof StartError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ConfigurationError) return new StartError('configuration', message, error);
  if (error instanceof MigrationError) return new StartError('migration', message, error);
  if (error instanceof Error && 'code' in error) {
    if (error.code === 'EADDRINUSE') return new StartError('port-taken', `${what} is taken by another program`, error);
    if (error.code === 'EACCES') return new StartError('port-taken', `${what} may not be used by this user`, error);
  }
  return new StartError(code, `${what}: ${message}`, error);
};
