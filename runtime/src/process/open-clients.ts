import type { ProcessConfiguration } from '../configuration/load-configuration.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Clock, Log, ServiceTables } from './service-definition.ts';

/** The clients of the services that this one calls, by the names that generated code has for them. */
export const openClients = async (
  tables: ServiceTables,
  _configuration: ProcessConfiguration,
  _parts: { readonly clock: Clock; readonly log: Log; readonly metrics: Metrics },
): Promise<Readonly<Record<string, unknown>>> => {
  if (Object.keys(tables.clients).length === 0) return {};
  throw new Error('clients are not there yet');
};
