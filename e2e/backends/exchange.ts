import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Sends bytes to a port of this machine. @returns the first bytes that come back, within a second. */
export function exchange(to: { readonly port: number; readonly tls?: boolean }, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const place = { host: '127.0.0.1', port: to.port };
    // Whether it answers is asked, not who it is.
    const socket = to.tls ? connectTls({ ...place, rejectUnauthorized: false }) : connect(place);
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer within a second')));
    socket.once(to.tls ? 'secureConnect' : 'connect', () => socket.write(bytes));
    socket.once('data', (data) => {
      resolve(data);
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
  });
}
