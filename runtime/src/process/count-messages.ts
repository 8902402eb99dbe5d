import type { MessagingMetrics } from '../messaging/messaging-metrics.ts';
import type { Metrics } from '../observability/metrics.ts';

/** What messaging counts, as metrics of the service. */
export const countMessages = (metrics: Metrics): MessagingMetrics => {
  let oldest = 0;
  metrics.gauge('outbox_oldest_seconds', 'Age of the oldest message that has not left the outbox.', () => oldest);
  return {
    published: (message) => metrics.messagePublished(message),
    relayed: () => undefined,
    consumed: (_consumer, message, outcome, seconds) =>
      metrics.messageReceived(message, outcome === 'parked' ? 'retried' : outcome, seconds),
    outboxLag: (seconds) => {
      oldest = seconds;
    },
  };
};
