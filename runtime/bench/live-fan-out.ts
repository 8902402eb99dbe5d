/**
 * One change to 5,000 WebSocket clients: through the live channels of a service (transaction, change log, fan-out and all), over bare `ws`
 * that sends the same text to the same number of clients, in turns. Clients are in a process of their own. Goal: 0.8 of bare ws.
 *
 *   ulimit -n 12000; node --conditions=parkwise-source runtime/bench/live-fan-out.ts [--clients 5000] [--changes 20] [--json]
 *
 * The servers are in one process: it holds two sockets per client, and some files. `ulimit -n` of 11,000 for 5,000 clients is enough;
 * the two processes of clients need half of that. `npm run bench:load -- live` looks for the limit itself.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { startBoard } from './live/board.ts';

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const clients = option('clients', 5_000);
const changes = option('changes', 20);
const rounds = option('rounds', 5);
const NEEDED_FILES = 2 * clients + 1_000;

const connectClients = async (url: string): Promise<ChildProcess> => {
  const child = fork(new URL('./live/clients.ts', import.meta.url), [url, String(clients)], {
    execArgv: ['--conditions=parkwise-source', '--disable-warning=ExperimentalWarning'],
  });
  const [message] = (await once(child, 'message')) as [{ connected?: number; failed?: string }];
  if (message.connected !== clients)
    throw new Error(
      `only ${message.connected ?? 0} clients could connect (${message.failed ?? '?'}): try ulimit -n ${NEEDED_FILES}`,
    );
  return child;
};

/** Messages a second, from the first change until the last client has the last one. */
const round = async (child: ChildProcess, send: () => Promise<void>): Promise<number> => {
  child.send({ expect: changes });
  await once(child, 'message');
  const started = performance.now();
  const done = once(child, 'message');
  for (let count = 0; count < changes; count += 1) {
    await send();
    // Each change is one of its own, as requests would bring them.
    await new Promise(setImmediate);
  }
  await done;
  return (clients * changes * 1_000) / (performance.now() - started);
};

const bareServer = async () => {
  const server = createServer();
  const wss = new WebSocketServer({ server, perMessageDeflate: false });
  server.listen(0, '127.0.0.1', 20_000);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { url: `ws://127.0.0.1:${port}/`, wss, close: () => server.close() };
};

const board = await startBoard(clients);
const bare = await bareServer();
const boardClients = await connectClients(board.url);
const bareClients = await connectClients(bare.url);
const text = board.sample();
const sendBare = async (): Promise<void> => {
  bare.wss.clients.forEach((ws: WebSocket) => ws.send(text));
};
const live: number[] = [];
const plain: number[] = [];
for (let count = -1; count < rounds; count += 1) {
  const one = await round(bareClients, sendBare);
  const other = await round(boardClients, board.tell);
  // The first warms both up.
  if (count >= 0) {
    plain.push(one);
    live.push(other);
  }
}
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const ratio = median(live.map((rate, index) => rate / (plain[index] ?? NaN)));
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ ratio, live: median(live), bare: median(plain), clients }));
} else {
  console.log(
    `live: ${Math.round(median(live))} messages/s, bare ws: ${Math.round(median(plain))} messages/s, to ${clients} clients`,
  );
  console.log(`ratio ${ratio.toFixed(2)} (goal 0.8; needs ulimit -n ${NEEDED_FILES})`);
}
boardClients.kill();
bareClients.kill();
bare.close();
await board.close();
process.exit(0);
