/** Spans over OTLP/HTTP in JSON. The only file, with `report-exports.ts`, that imports OpenTelemetry: it is loaded when traces are exported. */
import { randomUUID } from 'node:crypto';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Attributes, type Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Log } from '../../process/service-definition.ts';
import { formatTraceparent, parseTraceparent } from '../trace-context.ts';
import type { Span, SpanAttributes, SpanEnd, SpanStart, Tracing } from '../tracing.ts';
import type { OtlpSettings } from './otlp-settings.ts';
import { reportExports } from './report-exports.ts';

export interface TracingOptions extends OtlpSettings {
  readonly messagingSystem: string;
  readonly mode: string;
  readonly log: Log;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** A receiver that does not answer must not hold up a stop. */
const FLUSH_MS = 5_000;

/** Nothing is registered globally: services that share a process (a test) do not meet. */
export const openTracing = (options: TracingOptions): Tracing => {
  const { url, headers, serviceName, ratio, messagingSystem, mode, log } = options;
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: FLUSH_MS });
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(
        resourceFromAttributes({
          'service.name': serviceName,
          'service.instance.id': randomUUID(),
          'deployment.environment.name': mode,
        }),
      ),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: reportExports(exporter, log), exportTimeoutMillis: FLUSH_MS })],
  });
  const tracer = provider.getTracer('@parkwise/runtime');

  const start = ({ kind, name, parent, isParentRemote, startedAt, attributes }: SpanStart): Span => {
    const span = tracer.startSpan(
      name,
      {
        kind: kinds[kind],
        ...(startedAt !== undefined && { startTime: epochMs(startedAt) }),
        ...(attributes && { attributes: defined(attributes) }),
      },
      contextOf(parent, isParentRemote ?? false),
    );
    const { traceId, spanId, traceFlags } = span.spanContext();
    const flags = traceFlags.toString(16).padStart(2, '0');
    let ended = false;
    return {
      traceparent: formatTraceparent({ traceId, parentId: spanId, flags }),
      end({ error, endedAt, attributes: more }: SpanEnd = {}) {
        if (ended) return;
        ended = true;
        if (more) span.setAttributes(defined(more));
        if (error !== undefined) span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR });
        span.end(endedAt === undefined ? undefined : epochMs(endedAt));
      },
    };
  };

  return {
    messagingSystem,
    start,
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, FLUSH_MS)));
      const shutdown = provider.shutdown().catch(() => undefined); // `reportExports` has told of it
      await Promise.race([shutdown, deadline]);
      clearTimeout(timer);
    },
  };
};

const contextOf = (traceparent: string | undefined, isRemote: boolean): Context => {
  const parent = parseTraceparent(traceparent);
  if (!parent) return ROOT_CONTEXT;
  const { traceId, parentId: spanId, flags } = parent;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote });
};

const epochMs = (monotonic: number): number => performance.timeOrigin + monotonic;

const defined = (attributes: SpanAttributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
