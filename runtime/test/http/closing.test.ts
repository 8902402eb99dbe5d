/** What was promised to a client by an open connection, while a service ends. */
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { defaultLimits } from '../../src/http/application-options.ts';
import { createListener } from '../../src/http/listener.ts';

/** A client of its own thread: asks once, and once more when it is told to. It goes on while this thread is busy. */
const client = `
  const { connect } = require('node:net');
  const { parentPort, workerData: { port, sent } } = require('node:worker_threads');
  const socket = connect(port, '127.0.0.1');
  const ask = (done) => socket.write('GET / HTTP/1.1\\r\\nHost: here\\r\\n\\r\\n', done);
  socket.on('connect', () => ask());
  socket.on('data', (data) => parentPort.postMessage(String(data).split('\\r\\n')[0]));
  socket.on('error', ({ code }) => parentPort.postMessage(code));
  parentPort.on('message', () => ask(() => { Atomics.store(sent, 0, 1); Atomics.notify(sent, 0); }));
`;

t.test('a request that has arrived by the end is answered, though the process was too busy to read it', async (t) => {
  const listener = createListener(defaultLimits, (_, response) => void response.end('here'));
  const { port } = await listener.listen(0, '127.0.0.1');
  const sent = new Int32Array(new SharedArrayBuffer(4));
  const asking = new Worker(client, { eval: true, workerData: { port, sent } });
  t.teardown(() => asking.terminate());
  t.match(await once(asking, 'message'), ['HTTP/1.1 200 OK']);
  const answered = once(asking, 'message');
  const lingerMs = 20;
  const closed = listener.close({ drainMs: 1_000, lingerMs, drained: async () => undefined });
  await turn();
  asking.postMessage('again');
  // Busy until the request is here and the connection has been open for long enough.
  Atomics.wait(sent, 0, 0);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * lingerMs);
  t.match(await answered, ['HTTP/1.1 200 OK']);
  await closed;
});
