/**
 * Redaction by allowlist: a field is written because its name is known to be harmless, not because nobody thought of forbidding it.
 * Whatever else somebody logs (headers, bodies, a whole row) shows its name and no value.
 */

const runtimeFields = [
  'service',
  'operationId',
  'method',
  'route',
  'path',
  'status',
  'correlationId',
  'causationId',
  'traceId',
  'subject',
  'problem',
  'contractViolation',
  'violation',
  'error',
  'errors',
  'reason',
  'attempt',
  'attempts',
  'topic',
  'group',
  'partition',
  'offset',
  'shard',
  'messageId',
  'messageType',
  'type',
  'version',
  'consumer',
  'count',
  'pending',
  'job',
  'migration',
  'name',
  'phase',
  'signal',
  'host',
  'port',
  'pid',
  'mode',
  'exitCode',
  'called',
  'operation',
  'state',
  'bytes',
  'file',
  'id',
  'level',
  'code',
  'from',
  'to',
  'handler',
  'inFlight',
  'step',
  'failures',
] as const;

/**
 * What names a thing or counts it is harmless too (`orderId`, `retryInMs`, `expiredCount`), so that a service needs no list of its
 * own for them; whoever knows a session's id has the session.
 */
const harmlessName = /^(?!.*(?:session|token|secret|password|cookie)).*(?:Id|Count|Ms|At)$/i;

const REDACTED = '[redacted]';
const MAX_TEXT = 2_000;

export const allowFields = (
  more: readonly string[],
): ((fields: Record<string, unknown>) => Record<string, unknown>) => {
  const allowed = new Set<string>([...runtimeFields, ...more]);
  return (fields) => {
    const written: Record<string, unknown> = {};
    for (const name of Object.keys(fields)) {
      const value = fields[name];
      if (value === undefined) continue;
      if (value instanceof Error) written[name === 'err' ? 'error' : name] = describeError(value);
      else written[name] = allowed.has(name) || harmlessName.test(name) ? harmless(value) : REDACTED;
    }
    return written;
  };
};

/** Plain values pass; what has structure does only as a list of them. */
const harmless = (value: unknown): unknown => {
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value))
    return value.slice(0, 20).map((item) => (typeof item === 'object' ? REDACTED : harmless(item)));
  return REDACTED;
};

interface DescribedError {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/**
 * Name, code, message and the places. Drivers put the statement with its values before ` - ` of their message: that part is cut,
 * for it may hold what a user typed.
 */
export const describeError = (error: Error, depth = 0): DescribedError => {
  const { code } = error as { code?: unknown };
  const places = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 12)
    .join('\n');
  return {
    name: error.name,
    message: withoutStatement(error.message),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(places !== undefined && { stack: places }),
    ...(error.cause instanceof Error && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  };
};

const statement =
  /^\s*(?:select|insert|update|delete|replace|with|create|alter|drop|begin|commit|rollback|savepoint|release)\b.* - /is;

const withoutStatement = (message: string): string => message.replace(statement, '(statement) - ').slice(0, MAX_TEXT);
