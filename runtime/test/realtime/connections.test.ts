import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import { startInstance } from './support/board-service.ts';
import { join } from './support/player.ts';

const board = '/v1/boards/chess';

t.test('messages that are none close the connection, each with its code', async (t) => {
  await using instance = await startInstance();
  const { port } = instance;
  const closeAfter = async (send: (ws: Awaited<ReturnType<typeof join>>['ws']) => void) => {
    await using player = await join(port, board);
    send(player.ws);
    return await player.closed;
  };
  t.match(await closeAfter((ws) => ws.send('{"type":')), { code: 1007, reason: 'is not well-formed JSON' });
  t.match(await closeAfter((ws) => ws.send('['.repeat(40) + ']'.repeat(40))), { code: 1007 });
  t.match(await closeAfter((ws) => ws.send(Buffer.from([0xc3, 0x28]), { binary: false })), { code: 1007 }, 'no UTF-8');
  t.match(await closeAfter((ws) => ws.send('{"type":"Jump","data":{}}')), { code: 1008, reason: 'unknown message' });
  t.match(await closeAfter((ws) => ws.send('{"type":"Move","data":{"piece":"Q"}}')), {
    code: 1008,
    reason: 'Move/data/to: is required',
  });
  t.match(await closeAfter((ws) => ws.send('{"type":"Move","data":{"piece":"Q","to":"a1","by":1}}')), { code: 1008 });
  t.match(await closeAfter((ws) => ws.send(Buffer.from('{}'))), { code: 1003 });
  t.match(await closeAfter((ws) => ws.send(JSON.stringify({ type: 'Move', data: { piece: 'x'.repeat(17_000) } }))), {
    code: 1009,
  });
  t.match(await closeAfter((ws) => ws.send('{"type":"Move","data":{"piece":"poison","to":"a1"}}')), {
    code: 1011,
    reason: 'internal error',
  });
  t.match(await instance.metrics(), /live_closed_total\{channel="board",code="1007",service="boards"\} 3/);
});

t.test('what a client says is handled in order, in a transaction, and answered to it alone', async (t) => {
  await using instance = await startInstance();
  await using ann = await join(instance.port, board, { token: 'ann' });
  await using bob = await join(instance.port, board, { token: 'bob' });
  await Promise.all([ann.hearsType('Board'), bob.hearsType('Board')]);
  for (const to of ['a1', 'a2', 'a3']) ann.say('Move', { piece: 'Q', to });
  await bob.hears(({ data }) => data['to'] === 'a3');
  t.strictSame(
    bob.heard.filter(({ type }) => type === 'PieceMoved').map(({ data }) => data['to']),
    ['a1', 'a2', 'a3'],
  );
  await ann.hears(({ type }) => type === 'MoveAccepted');
  t.notOk(bob.heard.some(({ type }) => type === 'MoveAccepted'));
});

t.test('a client that says too much is closed', async (t) => {
  await using instance = await startInstance({ env: { PARKWISE_LIVE_MESSAGES: '5' } });
  await using ann = await join(instance.port, board);
  for (let count = 0; count < 6; count += 1) ann.say('Move', { piece: 'Q', to: `a${count}` });
  t.match(await ann.closed, { code: 1008, reason: 'too many messages' });
});

t.test('a connection ends with its token', async (t) => {
  let now = Date.parse('2030-01-01T00:00:00Z');
  await using instance = await startInstance({ now: () => new Date(now) });
  const end = now / 1000 + 60;
  await using ann = await join(instance.port, board, { token: `ann~${end}` });
  await using bob = await join(instance.port, board, { token: `bob~${end + 60}` });
  await ann.hearsType('Board');
  now += 60_000;
  t.match(await ann.closed, { code: 4401, reason: 'token ended' });
  t.equal(bob.ws.readyState, bob.ws.OPEN);
});

t.test('who does not answer a ping is cut off, who does stays', async (t) => {
  await using instance = await startInstance({ env: { PARKWISE_LIVE_HEARTBEAT: 'PT0.1S' } });
  await using deaf = await join(instance.port, board, { token: 'ann', autoPong: false });
  await using lively = await join(instance.port, board, { token: 'bob' });
  t.match(await deaf.closed, { code: 1006 });
  await once(lively.ws, 'ping');
  t.equal(lively.ws.readyState, lively.ws.OPEN);
});

t.test('a client that does not read is closed with 1013, and nobody else is held up', async (t) => {
  await using instance = await startInstance({ env: { PARKWISE_LIVE_BUFFER: '65536' } });
  await using slow = await join(instance.port, board, { token: 'ann' });
  await using lively = await join(instance.port, board, { token: 'bob' });
  await Promise.all([slow.hearsType('Board'), lively.hearsType('Board')]);
  slow.ws.pause();
  const isClosing = (): boolean => instance.lines.some(({ message }) => message === 'live client is too slow');
  // The system's own buffers are filled first.
  for (let count = 0; count < 1_500 && !isClosing(); count += 1) {
    await instance.move('chess', 'Q', `${count} ${'x'.repeat(15_000)}`);
    await lively.hears(({ data }) => String(data['to']).startsWith(`${count} `));
    lively.heard.length = 0;
  }
  t.ok(isClosing());
  slow.ws.resume();
  t.match(await slow.closed, { code: 1013, reason: 'too slow' });
  t.equal(lively.ws.readyState, lively.ws.OPEN);
});

t.test('a stop tells everybody to go, with 1001, and lets nobody in any more', async (t) => {
  await using instance = await startInstance();
  const players = await Promise.all(['ann', 'bob', 'cid'].map((token) => join(instance.port, board, { token })));
  const stopped = instance.stop();
  for (const player of players) t.match(await player.closed, { code: 1001, reason: 'going away' });
  await stopped;
  t.match(await instance.metrics(), /live_closed_total\{channel="board",code="1001",service="boards"\} 3/);
});

t.test('a thing that is gone meanwhile closes with 4404, a failing snapshot with 1011', async (t) => {
  await using instance = await startInstance({ deliver: () => 'snapshot' });
  await using ann = await join(instance.port, '/v1/boards/vanishing');
  await ann.hearsType('Board');
  await instance.move('vanishing', 'Q', 'a1');
  t.match(await ann.closed, { code: 4404, reason: 'not found' });
  instance.hooks.duringSnapshot = () => Promise.reject(new Error('the database is away'));
  await using bob = await join(instance.port, board);
  t.match(await bob.closed, { code: 1011 });
});

t.test('a client that breaks the protocol, or vanishes, takes nobody along', async (t) => {
  await using instance = await startInstance();
  await using ann = await join(instance.port, board);
  const raw = await new Promise<ReturnType<typeof connect>>((resolve) => {
    const socket = connect(instance.port, '127.0.0.1', () => {
      socket.write(
        `GET ${board} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bob\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      );
      socket.once('data', () => resolve(socket));
    });
  });
  // An unmasked frame, which no client may send.
  raw.write(Buffer.from([0x81, 0x02, 0x7b, 0x7d]));
  raw.resume();
  await once(raw, 'close');
  const gone = await join(instance.port, board, { token: 'cid' });
  gone.ws.terminate();
  await gone.closed;
  await instance.move('chess', 'Q', 'a1');
  t.ok(await ann.hearsType('PieceMoved'));
});
