import type { OutgoingRecord } from './event-bus.ts';

/**
 * What Kafka's format adds to a batch (61 bytes), a record (at most 26, with its lengths) and a header (at most 10). An upper bound:
 * what fits by it, fits.
 */
const BATCH_BYTES = 61;
const RECORD_BYTES = 26;
const HEADER_BYTES = 10;

/** Bytes of a record as a topic's `max.message.bytes` counts them, in a batch of its own. */
export const bytesAlone = (record: SizedRecord): number => BATCH_BYTES + bytesOf(record);

export type SizedRecord = Pick<OutgoingRecord, 'key' | 'headers' | 'value'>;

/** What it adds to a batch. */
export function bytesOf({ key, headers, value }: SizedRecord): number {
  let bytes = RECORD_BYTES + Buffer.byteLength(value) + Buffer.byteLength(key ?? '');
  for (const [name, text] of Object.entries(headers)) {
    bytes += HEADER_BYTES + Buffer.byteLength(name) + Buffer.byteLength(text);
  }
  return bytes;
}

/** What brokers allow that were not told otherwise. */
export const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;
