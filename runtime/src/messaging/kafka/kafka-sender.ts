import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import { RecordRefusedError, type OutgoingRecord } from '../event-bus.ts';
import { bytesOf, DEFAULT_MAX_MESSAGE_BYTES } from '../record-size.ts';
import { within } from './deadline.ts';
import { isTooLarge } from './kafka-errors.ts';

export interface SenderOptions {
  readonly client: () => Kafka;
  readonly timeoutMs: number;
}

/**
 * Sends by an idempotent producer: acknowledged by all replicas, one request at a time.
 *
 * A producer whose request failed is not used again. kafkajs counts sequence numbers back for all partitions of a failed request, also
 * for those that were stored; a later request with numbers that the broker has seen would be taken for a repetition, and be lost in
 * silence. A new producer has new numbers; what was stored twice by that is met by the inbox.
 */
export class KafkaSender {
  readonly #options: SenderOptions;
  #producer: Promise<Producer> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Calls wait for each other: see above. */
  send(records: readonly OutgoingRecord[]): Promise<void> {
    const mine = this.#turn.then(() => this.#sendAll(records));
    this.#turn = mine.catch(() => undefined); // its own caller hears of it
    return mine;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
    await this.#discard();
  }

  async #sendAll(records: readonly OutgoingRecord[]): Promise<void> {
    for (let from = 0; from < records.length;) {
      const to = endOfRequest(records, from);
      await this.#sendSome(records, from, to);
      from = to;
    }
  }

  async #sendSome(records: readonly OutgoingRecord[], from: number, to: number): Promise<void> {
    try {
      await this.#request(records.slice(from, to));
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      const record = records[from];
      if (to - from === 1 && record) {
        throw new RecordRefusedError(from, `${bytesOf(record)} bytes are more than ${record.topic} allows`);
      }
      // The topic allows less than we thought, or one of them is too large: found by halves, which keep the order.
      const middle = (from + to) >> 1;
      await this.#sendSome(records, from, middle);
      await this.#sendSome(records, middle, to);
    }
  }

  async #request(records: readonly OutgoingRecord[]): Promise<void> {
    const { timeoutMs } = this.#options;
    if (this.#closed) throw new Error('The connection to the broker has been closed');
    const producer = await this.#connected();
    const topicMessages = [...Map.groupBy(records, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
      topic,
      messages: ofTopic.map(({ key, partition, headers, value }) => ({
        key: key ?? null,
        value,
        headers: { ...headers },
        ...(partition === undefined ? {} : { partition }),
      })),
    }));
    const request = producer.sendBatch({ acks: -1, timeout: timeoutMs, topicMessages });
    try {
      // kafkajs tries again by itself meanwhile, with the same sequence numbers.
      await within(timeoutMs * 2, 'sending to the broker', request);
    } catch (error) {
      await this.#discard(request);
      throw error;
    }
  }

  async #connected(): Promise<Producer> {
    this.#producer ??= this.#connect();
    try {
      return await this.#producer;
    } catch (error) {
      this.#producer = undefined;
      throw error;
    }
  }

  async #connect(): Promise<Producer> {
    const producer = this.#options.client().producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    try {
      await within(this.#options.timeoutMs * 2, 'connecting to the broker', producer.connect());
      return producer;
    } catch (error) {
      void end(producer);
      throw error;
    }
  }

  /** Lets the producer go; one that hangs is not waited for. */
  async #discard(lastRequest?: Promise<unknown>): Promise<void> {
    const connecting = this.#producer;
    this.#producer = undefined;
    const producer = await connecting?.catch(() => undefined); // it was never connected
    if (!producer) return;
    if (!lastRequest) return end(producer);
    // While it goes on trying it would connect again.
    void lastRequest.catch(() => undefined).finally(() => end(producer)); // whoever sent it has been told
  }
}

const end = (producer: Producer): Promise<void> =>
  within(1_000, 'disconnecting', producer.disconnect()).catch(() => undefined); // it is not used again

/** Records of one topic in one request, kept below what a broker allows by default: it counts a partition's share as one message. */
function endOfRequest(records: readonly OutgoingRecord[], from: number): number {
  const bytes = new Map<string, number>();
  for (let index = from; index < records.length; index += 1) {
    const record = records[index] as OutgoingRecord;
    const sum = (bytes.get(record.topic) ?? REQUEST_BYTES) + bytesOf(record);
    if (sum > DEFAULT_MAX_MESSAGE_BYTES && index > from) return index;
    bytes.set(record.topic, sum);
  }
  return records.length;
}

const REQUEST_BYTES = 100;
