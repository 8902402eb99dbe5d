import { CORRELATION_HEADER, type Exchange } from './exchange.ts';
import type { WireAnswer } from './answers/wire-answer.ts';
import { hasBody } from './body/read-bytes.ts';
import { cacheControl } from './security-headers.ts';

export interface SendOptions {
  readonly always: readonly string[];
  /** Asks the client to connect anew: the service is about to stop. */
  readonly closesConnection: boolean;
}

/** Bytes and time that a client may go on sending a body that nobody reads, before its connection is cut. */
const LINGER_BYTES = 4 * 1024 * 1024;
const LINGER_MS = 2_000;

/** Writes the answer in one piece. Throws when a header's value cannot be sent; nothing has been written then. */
export const sendAnswer = (exchange: Exchange, answer: WireAnswer, { always, closesConnection }: SendOptions): void => {
  const { request, response } = exchange;
  if (response.headersSent || response.destroyed) return;
  const { status, body } = answer;
  const head = [...always, CORRELATION_HEADER, exchange.correlationId];
  for (const name in answer.headers) head.push(name, answer.headers[name] ?? '');
  if (exchange.extraHeaders)
    for (const name in exchange.extraHeaders) head.push(name, exchange.extraHeaders[name] ?? '');
  const caching = cacheControl(exchange, answer);
  if (caching !== undefined) head.push('cache-control', caching);
  if (closesConnection) head.push('connection', 'close');
  if (body !== undefined)
    head.push('content-length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength));
  else if (status !== 204 && status !== 304) head.push('content-length', '0');
  response.writeHead(status, head);
  exchange.sentStatus = status;
  response.end(exchange.method === 'HEAD' ? undefined : body);
  if (!exchange.hasArrived && !request.complete && hasBody(request)) linger(exchange);
};

/** Closing at once would reset the connection, and the client would never see why it was refused. */
const linger = ({ request }: Exchange): void => {
  let received = 0;
  const cut = (): void => void request.socket.destroy();
  const timer = setTimeout(cut, LINGER_MS);
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > LINGER_BYTES) cut();
  });
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
  request.on('error', () => undefined);
};
