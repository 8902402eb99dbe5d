import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { IncomingRecord } from '../event-bus.ts';

/** A message of kafkajs as the port has it. A deletion has no value, and is an empty text here. */
export const toIncoming = (topic: string, partition: number, message: KafkaMessage): IncomingRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  ...(message.key === null ? {} : { key: message.key.toString('utf8') }),
  headers: headersOf(message.headers ?? {}),
  value: message.value?.toString('utf8') ?? '',
  timestamp: new Date(Number(message.timestamp)),
});

function headersOf(headers: IHeaders): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    // A name may come several times; the last one counts, as in most protocols.
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) texts[name] = last.toString('utf8');
  }
  return texts;
}
