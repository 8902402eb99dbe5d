import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WireAnswer } from '../http/answers/wire-answer.ts';

/** Answers an upgrade with an HTTP status, and closes. */
export const refuseUpgrade = (socket: Duplex, { status, headers, body = '' }: WireAnswer): void => {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const text = String(body);
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(text)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${text}`);
};
