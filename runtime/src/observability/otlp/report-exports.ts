import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../../process/service-definition.ts';

/** The SDK keeps failures to itself: this says once that spans are being lost, and once that they arrive again. */
export const reportExports = (exporter: SpanExporter, log: Log): SpanExporter => {
  let isFailing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.code !== 0;
        if (failed && !isFailing) log.warn({ err: result.error, count: spans.length }, 'traces cannot be exported');
        if (!failed && isFailing) log.info({}, 'traces are exported again');
        isFailing = failed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
};
