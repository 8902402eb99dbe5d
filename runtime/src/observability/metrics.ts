/** Prometheus metrics of one service, in a registry of its own: two services in one process (a test) do not meet. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface MetricsOptions {
  readonly service: string;
  /** Memory, CPU, event loop of the process; off where several services share one. */
  readonly processMetrics?: boolean;
}

/** What became of a received message. */
export type MessageOutcome = 'handled' | 'duplicate' | 'retried' | 'dead-lettered' | 'skipped' | 'upcast';

export interface Metrics {
  readonly registry: Registry;
  /** @param seconds from the first byte of the request's head to the answer */
  requestEnded(operationId: string, status: number, seconds: number): void;
  /** Told for every message that was received. */
  messageReceived(message: string, outcome: MessageOutcome, seconds: number): void;
  /** Told once a message has left the outbox. */
  messagePublished(message: string): void;
  /** Told for every call to another service, `status` being its answer's or why there was none. */
  callEnded(service: string, operation: string, status: string, seconds: number): void;
  /** Asked when the metrics are read. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const createMetrics = ({ service, processMetrics = true }: MetricsOptions): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of requests by operation and class of status.',
    labelNames: ['operation', 'status'] as const,
    buckets,
    registers,
  });
  const received = new Histogram({
    name: 'message_handling_duration_seconds',
    help: 'Duration of handling received messages by message and outcome.',
    labelNames: ['message', 'outcome'] as const,
    buckets,
    registers,
  });
  const published = new Counter({
    name: 'messages_published_total',
    help: 'Messages that have left the outbox.',
    labelNames: ['message'] as const,
    registers,
  });
  const calls = new Histogram({
    name: 'client_call_duration_seconds',
    help: 'Duration of calls to other services by operation and status.',
    labelNames: ['called', 'operation', 'status'] as const,
    buckets,
    registers,
  });
  const observers = new Map<string, (seconds: number) => void>();

  return {
    registry,
    requestEnded(operationId, status, seconds) {
      const statusClass = `${Math.trunc(status / 100)}xx`;
      const name = operationId + statusClass;
      let observe = observers.get(name);
      if (!observe) {
        const child = requests.labels({ operation: operationId, status: statusClass });
        observers.set(name, (observe = (seconds) => child.observe(seconds)));
      }
      observe(seconds);
    },
    messageReceived: (message, outcome, seconds) => received.observe({ message, outcome }, seconds),
    messagePublished: (message) => published.inc({ message }),
    callEnded: (called, operation, status, seconds) => calls.observe({ called, operation, status }, seconds),
    gauge(name, help, read) {
      const gauge = new Gauge({
        name,
        help,
        registers: [],
        async collect() {
          this.set(await read());
        },
      });
      registry.registerMetric(gauge);
    },
  };
};
