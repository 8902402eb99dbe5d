/** The service's structured log (pino): one JSON object per line, with the ids of the running call, and nothing that was not allowed. */
import { pino, type DestinationStream, type Logger } from 'pino';
import { withoutSecrets } from '../configuration/without-secrets.ts';
import type { Log } from '../process/service-definition.ts';
import { currentContext } from './context.ts';
import { allowFields } from './allow-fields.ts';

export interface LoggerOptions {
  /** Name of the service. */
  readonly service: string;
  readonly level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** Standard output by default. */
  readonly destination?: DestinationStream;
  /** Field names that may be written besides those of the runtime. */
  readonly allow?: readonly string[];
  /** Texts that never appear, whatever they are part of: an error's message may quote what it was given. */
  readonly secrets?: readonly string[];
}

/** What the runtime needs of a log: pino's own, or a stand-in in a test. */
export interface ServiceLog extends Log {
  trace(fields: object, message: string): void;
  fatal(fields: object, message: string): void;
}

export const createLogger = ({
  service,
  level = 'info',
  destination,
  allow = [],
  secrets = [],
}: LoggerOptions): ServiceLog => {
  const log: Logger = pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: allowFields(allow) },
      mixin: callIds,
    },
    cleaned(destination ?? pino.destination({ dest: 1, sync: true }), secrets),
  );
  return log;
};

const cleaned = (destination: DestinationStream, secrets: readonly string[]): DestinationStream => {
  if (secrets.length === 0) return destination;
  const clean = withoutSecrets(secrets);
  return { write: (line) => destination.write(clean(line)) };
};

const callIds = (): object => {
  const context = currentContext();
  if (!context) return {};
  const { correlationId, causationId, traceId } = context;
  const ids = causationId === undefined ? { correlationId } : { correlationId, causationId };
  return traceId === undefined ? ids : { ...ids, traceId };
};
