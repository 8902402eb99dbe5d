/** Messages from a client: checked against the contract, handled one after another. */
import type { RawData } from 'ws';
import { parseJson } from '../http/body/parse-json.ts';
import { validationFault } from '../http/request-fault.ts';
import { runWithContext } from '../observability/context.ts';
import type { Log } from '../process/service-definition.ts';
import type { Connection } from './connection.ts';
import { limitMessages, type RateOfMessages } from './message-rate.ts';
import type { LiveConnection } from './watch.ts';
import type { MessageReceiver } from './watch-result.ts';
import { messageOf, receivedData } from './wire.ts';

export interface ReceiveOptions {
  readonly rate: RateOfMessages;
  readonly receivers: Readonly<Record<string, MessageReceiver>>;
  readonly log: Log;
  /** What handlers see of the connection. */
  readonly seen: LiveConnection;
  readonly received: (message: string) => void;
}

/** Messages that wait for their turn; beyond, no more is read from the socket. */
const MOST_WAITING = 8;

export const receiveFrom = (connection: Connection, options: ReceiveOptions): void => {
  const { rate, receivers, log, seen, received } = options;
  const { channel, ws } = connection;
  const isWithinRate = limitMessages(rate);
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  const handle = async (name: string, data: unknown): Promise<void> => {
    const receiver = Object.hasOwn(receivers, name) ? receivers[name] : undefined;
    if (!receiver) throw new Error(`nobody receives ${name} on ${channel.name}`);
    await receiver(data, seen);
  };
  const enqueue = (name: string, data: unknown): void => {
    waiting += 1;
    if (waiting >= MOST_WAITING) ws.pause();
    last = last
      .then(() => (connection.isOpen ? handle(name, data) : undefined))
      .catch((error: unknown) => {
        log.error({ err: error, operationId: channel.name }, 'a received message could not be handled');
        connection.close(1011, 'internal error');
      })
      .finally(() => {
        waiting -= 1;
        if (waiting < MOST_WAITING) ws.resume();
      });
  };

  ws.on('message', (raw: RawData, isBinary: boolean) => {
    if (!connection.isOpen) return;
    if (!isWithinRate()) return connection.close(1008, 'too many messages');
    if (isBinary) return connection.close(1003, 'text only');
    if (channel.receives.length === 0) return connection.close(1008, 'no message is expected');
    // `ws` has seen that it is UTF-8.
    const parsed = parseJson(String(raw));
    if ('fault' in parsed) return connection.close(1007, parsed.fault.message);
    const message = messageOf(channel.receives, parsed.value);
    if (!message) return connection.close(1008, 'unknown message');
    if (!message.validate(parsed.value)) {
      const { pointer, message: reason } = validationFault('body', message.validate);
      return connection.close(1008, closeReason(`${message.name}${pointer}: ${reason}`));
    }
    received(message.name);
    runWithContext({ correlationId: connection.correlationId }, () =>
      enqueue(message.publisher, receivedData(message, parsed.value)),
    );
  });
};

/** A close frame takes 123 bytes of reason (RFC 6455 section 5.5). Names of the contract are what it says, never what was sent. */
const closeReason = (text: string): string => {
  let reason = text.slice(0, 123);
  while (Buffer.byteLength(reason) > 123) reason = reason.slice(0, -1);
  return reason;
};
