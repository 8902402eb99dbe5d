/** Requests that never became one: too slow, too large or no HTTP at all. Node has no response object for them. */
import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { problemAnswer } from './problem.ts';
import type { RuntimeProblemName } from './runtime-problems.ts';

const problems: Readonly<Record<string, RuntimeProblemName>> = {
  HPE_HEADER_OVERFLOW: 'header-fields-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

export const answerClientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body = '' } = problemAnswer(problems[error.code ?? ''] ?? 'invalid-request');
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${headers['content-type']}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${String(body)}`);
};
