/** Message parts ↔ what goes over the wire: the envelope of the contract, and CloudEvents headers beside it. */
import type { EnvelopeDefinition, MessageDefinition, MessageLocation } from './contract.ts';
import { headerName, headerOf, valueAt, withValueAt } from './message-location.ts';

/** The parts of an envelope, whatever the contract calls them. */
export interface MessageParts {
  readonly id: string;
  readonly type: string;
  readonly version: number | string;
  readonly time: string;
  readonly source: string;
  readonly correlation: string;
  readonly causation?: string;
  readonly key?: string;
  readonly sequence?: number;
  readonly traceparent?: string;
}

export interface WireMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: unknown;
}

type Part = Exclude<keyof EnvelopeDefinition, 'data'>;

const PARTS: readonly Part[] = [
  'id',
  'type',
  'version',
  'time',
  'source',
  'correlation',
  'causation',
  'key',
  'sequence',
];

/**
 * CloudEvents, binary mode of the Kafka binding (https://github.com/cloudevents/spec, protocol binding for Kafka 3.2), with its
 * extensions partitioning, sequence and correlation. `ce_dataversion` is ours.
 */
const HEADERS: Readonly<Record<Part, string>> = {
  id: 'ce_id',
  type: 'ce_type',
  version: 'ce_dataversion',
  time: 'ce_time',
  source: 'ce_source',
  correlation: 'ce_correlationid',
  causation: 'ce_causationid',
  key: 'ce_subject',
  sequence: 'ce_sequence',
};

/** Puts data and parts where the contract wants them. A key or sequence that the data brings along stays. */
export function toWire(definition: MessageDefinition, data: unknown, parts: MessageParts): WireMessage {
  const { envelope } = definition;
  let payload = envelope.data ? withValueAt(undefined, envelope.data.pointer, data) : data;
  for (const [pointer, value] of Object.entries(definition.constants ?? {}))
    payload = withValueAt(payload, pointer, value);
  const headers: Record<string, string> = { ce_specversion: '1.0', 'content-type': definition.contentType };
  for (const part of PARTS) {
    const value = parts[part];
    if (value === undefined) continue;
    headers[HEADERS[part]] = String(value);
    const location = envelope[part];
    if (location?.in === 'header') headers[headerName(location)] = String(value);
    if (location?.in === 'payload') payload = withValueAt(payload, location.pointer, value);
  }
  if (parts.traceparent !== undefined) headers['traceparent'] = parts.traceparent;
  return { headers, payload };
}

/** A part that stands inside the data, before an envelope is around it. */
export function partInData(envelope: EnvelopeDefinition, part: 'key' | 'sequence', data: unknown): unknown {
  const location: MessageLocation | undefined = envelope[part];
  if (location?.in !== 'payload') return undefined;
  const payload = envelope.data ? withValueAt(undefined, envelope.data.pointer, data) : data;
  return valueAt(location, { payload, headers: {} });
}

/** The business data inside a payload. */
export const dataOf = (envelope: EnvelopeDefinition, payload: unknown): unknown =>
  envelope.data ? valueAt(envelope.data, { payload, headers: {} }) : payload;

/** A payload with other data in the same envelope. */
export const withData = (envelope: EnvelopeDefinition, payload: unknown, data: unknown): unknown =>
  envelope.data ? withValueAt(payload, envelope.data.pointer, data) : data;

/** A part as the message states it: where the contract says, else in the CloudEvents headers. */
export function partOf(envelope: EnvelopeDefinition, part: Part, message: WireMessage): string | undefined {
  const value = valueAt(envelope[part], message) ?? headerOf(message.headers, HEADERS[part]);
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
