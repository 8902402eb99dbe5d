/** Requests that no client library would send: bytes over a socket. */
import { connect } from 'node:net';

/** Writes the parts one after another and resolves with all that was answered once the server closes, or `until` has come. */
export const sendRaw = (
  port: number,
  parts: readonly (string | Buffer)[],
  until: RegExp = /\r\n\r\n[^]*\}/,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const done = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      answer += chunk;
      if (until.test(answer)) done();
    });
    socket.on('error', (error) => (answer === '' ? reject(error) : done()));
    socket.on('close', done);
    socket.on('connect', () => {
      for (const part of parts) socket.write(part);
    });
  });
