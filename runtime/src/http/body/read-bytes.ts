/** The bytes of a request's body: bounded in size (also after decompression) and in time. */
import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Problem } from '../problem.ts';

export interface BodyLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** The client closed the connection before its request was complete: nobody is left to answer to. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** Whether the request has a body at all (RFC 9112 section 6.3). */
export const hasBody = (request: IncomingMessage): boolean => {
  if (request.headers['transfer-encoding'] !== undefined) return true;
  const length = request.headers['content-length'];
  return length !== undefined && length !== '0';
};

const empty = Buffer.alloc(0);

/** @throws Problem 408, 413, 415; {@link ClientGone} */
export const readBytes = (request: IncomingMessage, limits: BodyLimits): Promise<Buffer> | Buffer => {
  if (!hasBody(request)) return empty;
  const declared = Number(request.headers['content-length']);
  if (declared > limits.maxBytes) throw new Problem('content-too-large');
  const coding = request.headers['content-encoding']?.trim().toLowerCase();
  if (coding === undefined || coding === '' || coding === 'identity') return readPlain(request, limits);
  const decoder = decoders[coding]?.();
  if (!decoder) {
    throw new Problem('unsupported-media-type', {
      detail: 'The content coding is not supported.',
      headers: { 'accept-encoding': Object.keys(decoders).join(', ') },
    });
  }
  return collect(request, request.pipe(decoder), limits);
};

/**
 * Most bodies come in one piece with the head: the parser has handed them over by the next microtask, and the whole is there to be
 * read without a listener or a timer.
 */
const readPlain = async (request: IncomingMessage, limits: BodyLimits): Promise<Buffer> => {
  await undefined;
  const isWhole = request.complete || request.readableLength === Number(request.headers['content-length']);
  if (!isWhole) return collect(request, request, limits);
  if (request.readableLength > limits.maxBytes) throw new Problem('content-too-large');
  return (request.read() as Buffer | null) ?? empty;
};

const decoders: Readonly<Record<string, () => Transform>> = {
  __proto__: null as never,
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

const collect = (request: IncomingMessage, source: IncomingMessage | Transform, limits: BodyLimits): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    if (request.destroyed && !request.complete) {
      reject(new ClientGone());
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      source.off('data', onData).off('end', onEnd).off('error', onError);
      request.off('close', onClose);
      // What comes late has nobody to tell.
      source.on('error', () => undefined);
      outcome();
    };
    const fail = (error: Error): void =>
      settle(() => {
        if (source !== request) {
          request.unpipe();
          source.destroy();
        }
        reject(error);
      });
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limits.maxBytes) fail(new Problem('content-too-large'));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(() => resolve(chunks.length === 1 ? (chunks[0] ?? empty) : Buffer.concat(chunks)));
    const onError = (): void =>
      fail(
        source === request
          ? new ClientGone()
          : new Problem('invalid-request', {
              errors: [
                { in: 'body', pointer: '', keyword: 'encoding', message: 'is not what its content coding says' },
              ],
            }),
      );
    const onClose = (): void => {
      if (!request.complete) fail(new ClientGone());
    };
    const timer = setTimeout(() => fail(new Problem('request-timeout')), limits.timeoutMs);
    source.on('data', onData).on('end', onEnd).on('error', onError);
    request.on('close', onClose);
  });
