import type { ProcessConfiguration } from '../configuration/load-configuration.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Clock, Log, ServiceTables } from './service-definition.ts';

interface ClientParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
}

/** The clients of the services that this one calls, by the names that generated code has for them; loaded only if there are any. */
export const openClients = async (
  tables: ServiceTables,
  { runtime, urls }: ProcessConfiguration,
  { clock, log, metrics, tracing }: ClientParts,
): Promise<Readonly<Record<string, unknown>>> => {
  if (Object.keys(tables.clients).length === 0) return {};
  const [{ createClient }, { createServiceTokens }] = await Promise.all([
    import('../resilience/create-client.ts'),
    import('../security/service-tokens.ts'),
  ]);
  const { tokenUrl, clientSecret } = runtime;
  const clientId = runtime.clientId || tables.name;
  const tokens = tokenUrl === '' ? undefined : createServiceTokens({ tokenUrl, clientId, clientSecret, clock });
  return Object.fromEntries(
    Object.entries(tables.clients).map(([name, definition]) => {
      const baseUrl = urls[definition.service] ?? [];
      const breaker = { breakAfter: runtime.circuitFailures, breakMs: runtime.circuitRecovery };
      return [
        name,
        createClient(definition, {
          baseUrl,
          log,
          metrics,
          ...breaker,
          ...(tokens && { tokens }),
          ...(tracing && { tracing }),
        }),
      ] as const;
    }),
  );
};
