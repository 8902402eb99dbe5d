/** What became of a message that a consumer was given. */
export type Outcome = 'handled' | 'duplicate' | 'skipped' | 'retried' | 'parked' | 'dead-lettered';

/** What messaging counts; prom-client stands behind it in a service, nothing in most tests. */
export interface MessagingMetrics {
  /** Written to the outbox. */
  published(message: string): void;
  /** Sent by the relay; `seconds` from the publishing to the acknowledgement of the transport. */
  relayed(topic: string, seconds: number): void;
  /** `message` is the name in the contract, or `unknown`. */
  consumed(consumer: string, message: string, outcome: Outcome, seconds: number): void;
  /** Age of the oldest row that is not sent yet; 0 when there is none. More than 30 s is worth an alert. */
  outboxLag(seconds: number): void;
}

export const noMessagingMetrics: MessagingMetrics = {
  published: () => undefined,
  relayed: () => undefined,
  consumed: () => undefined,
  outboxLag: () => undefined,
};
