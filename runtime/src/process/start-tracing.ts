import type { ProcessConfiguration } from '../configuration/load-configuration.ts';
import { otlpSettings } from '../observability/otlp/otlp-settings.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { Log, ServiceTables } from './service-definition.ts';

/** Opens the export of traces if somebody asks for it; OpenTelemetry is loaded only then. */
export const startTracing = async (
  { name }: ServiceTables,
  { runtime }: ProcessConfiguration,
  { env, log }: { readonly env: Readonly<Record<string, string | undefined>>; readonly log: Log },
): Promise<Tracing | undefined> => {
  const settings = otlpSettings(runtime, name, env);
  if (!settings) return undefined;
  const { openTracing } = await import('../observability/otlp/open-tracing.ts');
  const messagingSystem = runtime.eventsUrl.startsWith('kafka:') ? 'kafka' : 'parkwise.embedded_log';
  return openTracing({ ...settings, messagingSystem, mode: runtime.mode, log });
};
