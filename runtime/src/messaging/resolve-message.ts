import type { ConsumedMessage, ConsumerDefinition } from './contract.ts';
import { dataOf, partOf, withData, type WireMessage } from './envelope.ts';
import type { IncomingRecord } from './event-bus.ts';
import type { Received } from './message.ts';
import { headerOf, withValueAt } from './message-location.ts';

export type Upcasters = Readonly<Record<string, (data: never) => unknown>>;

/** A record as a consumer sees it. */
export type Resolved =
  | { readonly kind: 'message'; readonly consumed: ConsumedMessage; readonly received: Received }
  /** A type that the consumer does not list: none of its business. */
  | { readonly kind: 'skip'; readonly type: string }
  /** Nothing that trying again would change. */
  | { readonly kind: 'invalid'; readonly eventId: string; readonly error: Error };

export class InvalidPayloadError extends Error {
  override readonly name = 'InvalidPayloadError';
}

export class UnsupportedVersionError extends Error {
  override readonly name = 'UnsupportedVersionError';
}

/** Finds out which message of the consumer's contract a record is, checks it, and brings an old version up to date. */
export function resolveMessage(consumer: ConsumerDefinition, record: IncomingRecord, upcasters: Upcasters): Resolved {
  const message: WireMessage = { headers: record.headers, payload: parse(record.value) };
  const typed = consumer.messages.map(({ message: { envelope } }) => partOf(envelope, 'type', message));
  const candidates = consumer.messages.filter((one, index) => typed[index] === one.message.type);
  const type = typed.find((one) => one !== undefined);
  if (candidates.length === 0 && type !== undefined) return { kind: 'skip', type };
  const listed = candidates.length > 0 ? candidates : untyped(consumer);
  const [first] = listed;
  const eventId = (first && partOf(first.message.envelope, 'id', message)) ?? idOf(record);
  const invalid = (error: Error): Resolved => ({ kind: 'invalid', eventId, error });
  if (message.payload === undefined) return invalid(new InvalidPayloadError('The payload is not JSON'));
  if (!first) return invalid(new InvalidPayloadError('The message does not say what type it is'));
  const version = partOf(first.message.envelope, 'version', message);
  const consumed =
    version === undefined ? newest(listed) : listed.find((one) => String(one.message.version) === version);
  if (!consumed) {
    const known = listed.map((one) => one.message.version).join(', ');
    return invalid(
      new UnsupportedVersionError(`${first.message.type} comes in version ${version}, supported is ${known}`),
    );
  }
  const { validateReceived, name, envelope } = consumed.message;
  if (!validateReceived(message.payload)) {
    const fault = validateReceived.errors?.[0];
    return invalid(
      new InvalidPayloadError(`${name} does not fit at "${fault?.instancePath ?? ''}": ${fault?.message ?? 'invalid'}`),
    );
  }
  const current = upcast(consumed, listed, message.payload, upcasters);
  return {
    kind: 'message',
    consumed: current.consumed,
    received: received(
      record,
      { ...message, eventId },
      consumed,
      dataOf(current.consumed.message.envelope, current.payload),
    ),
  };

  function received(
    from: IncomingRecord,
    wire: WireMessage & { readonly eventId: string },
    wireForm: ConsumedMessage,
    payload: unknown,
  ): Received {
    const part = (name: Parameters<typeof partOf>[1]): string | undefined => partOf(envelope, name, wire);
    const causationId = part('causation');
    const sequence = Number(part('sequence') ?? Number.NaN);
    const time = new Date(part('time') ?? from.timestamp);
    return {
      payload,
      id: wire.eventId,
      type: wireForm.message.type,
      version: current.consumed.message.version,
      key: part('key') ?? from.key ?? wire.eventId,
      time: Number.isNaN(time.getTime()) ? from.timestamp : time,
      source: part('source') ?? '',
      correlationId: part('correlation') ?? headerOf(from.headers, 'x-correlation-id') ?? wire.eventId,
      ...(causationId === undefined ? {} : { causationId }),
      ...(Number.isSafeInteger(sequence) ? { sequence } : {}),
      headers: from.headers,
    };
  }
}

/** One version after the other, until it is one that is handled. */
function upcast(from: ConsumedMessage, versions: readonly ConsumedMessage[], payload: unknown, upcasters: Upcasters) {
  const ordered = versions.toSorted((a, b) => compareVersions(a.message.version, b.message.version));
  let consumed = from;
  let changed = payload;
  while (consumed.upcaster !== undefined) {
    const turn = Object.hasOwn(upcasters, consumed.upcaster) ? upcasters[consumed.upcaster] : undefined;
    const next = ordered[ordered.indexOf(consumed) + 1];
    if (!turn || !next)
      throw new Error(`${consumed.message.name} has no upcaster "${consumed.upcaster}" to a next version`);
    const data = (turn as (data: unknown) => unknown)(dataOf(consumed.message.envelope, changed));
    const { envelope, version } = next.message;
    changed = withData(envelope, changed, data);
    if (envelope.version?.in === 'payload') changed = withValueAt(changed, envelope.version.pointer, version);
    consumed = next;
  }
  if (consumed !== from && !consumed.message.validateReceived(changed)) {
    const fault = consumed.message.validateReceived.errors?.[0];
    const where = `"${fault?.instancePath ?? ''}": ${fault?.message ?? 'invalid'}`;
    throw new InvalidPayloadError(`${consumed.message.name}, as the upcaster made it, does not fit at ${where}`);
  }
  return { consumed, payload: changed };
}

/** A consumer of a single type can do without being told which one it is. */
function untyped({ messages }: ConsumerDefinition): readonly ConsumedMessage[] {
  return new Set(messages.map((one) => one.message.type)).size === 1 && !messages[0]?.message.envelope.type
    ? messages
    : [];
}

const newest = (versions: readonly ConsumedMessage[]): ConsumedMessage | undefined =>
  versions.toSorted((a, b) => compareVersions(a.message.version, b.message.version)).at(-1);

const compareVersions = (a: number | string, b: number | string): number =>
  String(a).localeCompare(String(b), 'en', { numeric: true });

/** Of a message that has no id: where it stands is as good. */
const idOf = (record: IncomingRecord): string =>
  headerOf(record.headers, 'ce_id') ??
  headerOf(record.headers, 'x-event-id') ??
  `${record.topic}/${record.partition}/${record.offset}`;

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
