import type { ConsumerDefinition, MessageDefinition } from '../messaging/contract.ts';
import { partInData, toWire } from '../messaging/envelope.ts';
import { publisherName } from '../messaging/publisher-name.ts';
import type { Clock, Ids } from '../process/service-definition.ts';
import type { DeliveryDetails } from './test-service.ts';
import type { WatchedBus } from './watched-bus.ts';

export interface DeliveriesOptions {
  readonly consumers: readonly ConsumerDefinition[];
  readonly bus: WatchedBus;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Throws what else went wrong meanwhile. */
  readonly check: () => void;
}

type Deliver = (data: unknown, details?: DeliveryDetails) => Promise<void>;

/** A method per received message, that sends it as its publisher would and waits until it has been dealt with. */
export const deliveries = ({ consumers, ...options }: DeliveriesOptions): Readonly<Record<string, Deliver>> =>
  Object.fromEntries(
    consumers.flatMap(({ messages }) =>
      messages.map(({ message }) => [message.publisher ?? publisherName(message.name), delivery(message, options)]),
    ),
  );

const delivery =
  (message: MessageDefinition, { bus, clock, ids, check }: Omit<DeliveriesOptions, 'consumers'>): Deliver =>
  async (data, details = {}) => {
    const id = details.id ?? ids.next();
    const inside = partInData(message.envelope, 'key', data);
    const key = details.key ?? (inside === undefined ? id : String(inside));
    const sequence = details.sequence ?? sequenceIn(message, data);
    const { headers, payload } = toWire(message, data, {
      id,
      type: message.type,
      version: message.version,
      time: (details.time ?? clock.now()).toISOString(),
      source: details.source ?? 'test',
      correlation: details.correlationId ?? id,
      key,
      ...(sequence === undefined ? {} : { sequence }),
    });
    const { done } = bus.watch(id);
    await bus.send([
      { topic: message.topic, key, headers: { ...headers, ...details.headers }, value: JSON.stringify(payload) },
    ]);
    await done;
    check();
  };

/** What the data says; else 1, the first message of its key, where the envelope has a place for it. */
const sequenceIn = ({ envelope }: MessageDefinition, data: unknown): number | undefined => {
  const inside = partInData(envelope, 'sequence', data);
  if (inside !== undefined) return Number(inside);
  return envelope.sequence && 1;
};
