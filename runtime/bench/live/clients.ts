/** Many WebSocket clients that count what they hear. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

const [url = '', wanted = '0'] = process.argv.slice(2);
const count = Number(wanted);
const tell = (message: object): void => void process.send?.(message);

let heard = 0;
let expected = Infinity;
const sockets: WebSocket[] = [];
const connect = async (): Promise<void> => {
  const ws = new WebSocket(url, { headers: { authorization: 'Bearer bench' }, perMessageDeflate: false });
  ws.on('message', () => {
    heard += 1;
    if (heard === expected) tell({ heard });
  });
  await once(ws, 'open');
  sockets.push(ws);
};

try {
  // In small groups: a listening queue has an end.
  while (sockets.length < count)
    await Promise.all(Array.from({ length: Math.min(100, count - sockets.length) }, connect));
} catch (error) {
  tell({ connected: sockets.length, failed: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
// What is sent on joining has come by then.
setTimeout(() => tell({ connected: sockets.length }), 1_000);
process.on('message', ({ expect }: { expect: number }) => {
  heard = 0;
  expected = expect * count;
  tell({ ready: true });
});
