/** The client, in a process of its own: keep-alive sockets, one request after another on each. Told `{port, token?, requests}`, answers the seconds. */
import { connect, type Socket } from 'node:net';
import { body, target } from './workload.ts';

const CONNECTIONS = 32;

interface Task {
  readonly port: number;
  readonly token?: string;
  readonly requests: number;
}

const requestBytes = ({ token }: Task): Buffer =>
  Buffer.from(
    [
      `POST ${target} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Content-Type: application/json',
      'Accept: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
      '',
      body,
    ].join('\r\n'),
  );

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** How long the answer that starts the buffer is, once its head is complete. */
const answerLength = (received: Buffer): number | undefined => {
  const end = received.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const head = received.toString('latin1', 0, end);
  if (!head.startsWith('HTTP/1.1 201')) throw new Error(`unexpected answer: ${received.toString()}`);
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  return end + END_OF_HEAD.length + Number(length);
};

const run = (task: Task): Promise<number> =>
  new Promise((resolve, reject) => {
    const bytes = requestBytes(task);
    const sockets: Socket[] = [];
    let sent = 0;
    let answered = 0;
    let startedAt = 0;
    const next = (socket: Socket): void => {
      if (sent < task.requests) {
        sent += 1;
        socket.write(bytes);
      }
    };
    const onAnswer = (socket: Socket): void => {
      answered += 1;
      if (answered < task.requests) return next(socket);
      const seconds = (performance.now() - startedAt) / 1000;
      for (const each of sockets) each.destroy();
      resolve(seconds);
    };
    let connected = 0;
    for (let index = 0; index < CONNECTIONS; index += 1) {
      const socket = connect(task.port, '127.0.0.1').setNoDelay(true);
      sockets.push(socket);
      let received: Buffer = Buffer.alloc(0);
      socket.on('error', reject);
      socket.on('data', (chunk: Buffer) => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        try {
          const length = answerLength(received);
          if (length === undefined || received.length < length) return;
          received = Buffer.alloc(0);
          onAnswer(socket);
        } catch (error) {
          reject(error as Error);
        }
      });
      socket.on('connect', () => {
        connected += 1;
        if (connected < CONNECTIONS) return;
        startedAt = performance.now();
        for (const each of sockets) next(each);
      });
    }
  });

process.on('message', (task: Task) => {
  run(task).then(
    (seconds) => process.send?.({ seconds }),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
process.once('disconnect', () => process.exit(0));
