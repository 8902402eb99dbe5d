/**
 * What a contract says of messages, publishers and consumers, in the form that the generated
 * tables state it and the messaging runtime executes it.
 */
import type { Validator } from '../http/contract.ts';

/** A place in a message: a JSON pointer (RFC 6901) into its payload or its headers; '' is the whole. */
export interface MessageLocation {
  readonly in: 'payload' | 'header';
  readonly pointer: string;
}

/**
 * Where the parts of an envelope stand (`x-parkwise-envelope`). The runtime fills id, type, version, time, source, correlation and
 * causation; whoever publishes gives key, sequence and data. Absent: the part travels in the CloudEvents headers only.
 */
export interface EnvelopeDefinition {
  readonly id?: MessageLocation;
  readonly type?: MessageLocation;
  readonly version?: MessageLocation;
  readonly time?: MessageLocation;
  readonly source?: MessageLocation;
  readonly correlation?: MessageLocation;
  readonly causation?: MessageLocation;
  readonly key?: MessageLocation;
  readonly sequence?: MessageLocation;
  /** Where the business payload stands; absent: it is the message's whole payload. */
  readonly data?: MessageLocation;
}

export interface MessageDefinition {
  /** Key of the message in the contract: `OrderPlaced`. */
  readonly name: string;
  /** Name of its function in `Publish`; absent: the name in camelCase. */
  readonly publisher?: string;
  /** What stands on the wire as its type; often the name. Several versions share one type. */
  readonly type: string;
  /** What stands on the wire as its version; 1 where the contract has none. */
  readonly version: number | string;
  /** The channel's address: `shop.orders.events`. The namespace is put before it at run time. */
  readonly topic: string;
  readonly envelope: EnvelopeDefinition;
  /** Fields around the data that have one possible value, by JSON pointer into the payload. */
  readonly constants?: Readonly<Record<string, unknown>>;
  readonly contentType: string;
  /** Over the whole payload (envelope included), strict: what is published must fit. */
  readonly validate: Validator;
  /** The same for received messages: unknown properties are tolerated. */
  readonly validateReceived: Validator;
  /** Over the headers that the contract declares, if it does. */
  readonly validateHeaders?: Validator;
}

export interface TopicDefinition {
  readonly address: string;
  /** From the Kafka channel binding; 8 where absent. */
  readonly partitions: number;
  readonly replicas?: number;
  /** -1: for ever. */
  readonly retentionMs?: number;
  readonly retentionBytes?: number;
  readonly compact?: boolean;
  readonly compactAndDelete?: boolean;
  readonly deleteRetentionMs?: number;
  readonly maxMessageBytes?: number;
}

export interface ConsumerDefinition {
  /** `receivePaymentEvents`. */
  readonly operationId: string;
  /** Consumer group: the service's name. The namespace is put before it at run time. */
  readonly group: string;
  readonly topic: TopicDefinition;
  /** `key`: messages of one key are handled one after another, also across retries. */
  readonly order: 'key' | 'none';
  /** Delays in milliseconds before each further attempt; then the dead letter topic. */
  readonly retryMs: readonly number[];
  readonly messages: readonly ConsumedMessage[];
}

export interface ConsumedMessage {
  readonly message: MessageDefinition;
  /** Name of the handler in the bound table: `onPaymentProcessed`, `handleVerifyProvider`. */
  readonly handler: string;
  /** For an old version: name of the function that turns its data into the next version's. */
  readonly upcaster?: string;
}
