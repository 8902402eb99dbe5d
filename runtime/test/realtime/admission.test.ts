import { connect } from 'node:net';
import t from 'tap';
import { startInstance } from './support/board-service.ts';
import { join, refusal } from './support/player.ts';

const problem = (name: string) => `urn:parkwise:problem:${name}`;

t.test('who is not let in is told why, before there is a WebSocket', async (t) => {
  await using instance = await startInstance();
  const { port } = instance;
  const anonymous = await refusal(port, '/v1/boards/chess');
  t.match(anonymous, { status: 401, body: { type: problem('authentication-required') } });
  t.match(anonymous.headers['www-authenticate'], /^Bearer realm="boards"/);
  const forged = await refusal(port, '/v1/boards/chess', { token: 'ann~forged' });
  t.match(forged, { status: 401, headers: { 'www-authenticate': /error="invalid_token"/ } });
  t.match(await refusal(port, '/v1/boards/chess', { token: 'ann~scopeless' }), {
    status: 403,
    body: { type: problem('insufficient-scope') },
  });
  t.match(await refusal(port, '/v1/boards/secret', { token: 'ann' }), { status: 404 }, "another's thing is not there");
  t.match(await refusal(port, '/v1/unknown', { token: 'ann' }), { status: 404 });
  t.match(await refusal(port, '/health/live', { token: 'ann' }), { status: 404 }, 'an address of HTTP is none');
  t.match(await refusal(port, '/v1/boards/wrong', { token: 'ann' }), {
    status: 400,
    body: { detail: 'No such kind of board.' },
  });
  t.match(await refusal(port, `/v1/boards/${'x'.repeat(21)}`, { token: 'ann' }), {
    status: 400,
    body: { errors: [{ in: 'path', pointer: '/boardId', keyword: 'maxLength' }] },
  });
  t.match(await refusal(port, '/v1/boards/chess?access_token=ann'), { status: 401 }, 'no token in the URL');
  t.match(await refusal(port, '/v1/boards/chess?access_token=ann', { token: 'ann' }), { status: 400 });
  t.match(await refusal(port, '/v1/boards/broken', { token: 'ann' }), {
    status: 500,
    body: { type: problem('internal-error') },
  });
  t.match(await instance.metrics(), /live_refused_total\{status="401",service="boards"\} 3/);
});

t.test('a page of another origin is refused, whatever token it has', async (t) => {
  await using instance = await startInstance({
    env: { PARKWISE_LIVE_ORIGINS: 'https://app.example.com, https://other.example.com' },
  });
  const { port } = instance;
  const refused = await refusal(port, '/v1/boards/chess', { token: 'ann', origin: 'https://evil.example.com' });
  t.match(refused, { status: 403, body: { type: problem('origin-not-allowed') } });
  t.match(await refusal(port, '/v1/boards/chess', { token: 'ann', origin: 'null' }), { status: 403 });
  t.match(await refusal(port, '/v1/boards/chess', { token: 'ann', origin: 'https://app.example.com.evil.com' }), {
    status: 403,
  });
  for (const origin of ['https://app.example.com', `http://127.0.0.1:${port}`, 'http://localhost:5173']) {
    await using page = await join(port, '/v1/boards/chess', { token: 'ann', origin });
    t.equal((await page.hearsType('Board')).type, 'Board', origin);
  }
});

t.test('a browser shows its token as a subprotocol, and learns by a close code what it asked wrongly', async (t) => {
  await using instance = await startInstance();
  const { port } = instance;
  const origin = `http://127.0.0.1:${port}`;
  await using page = await join(port, '/v1/boards/chess', { protocols: ['bearer', 'ann'], origin });
  t.equal(page.ws.protocol, 'bearer', 'the token is not sent back');
  t.match(await refusal(port, '/v1/boards/chess', { protocols: ['bearer', 'ann~forged'], origin }), { status: 401 });
  const { closed } = await join(port, '/v1/boards/secret', { protocols: ['bearer', 'ann'], origin });
  t.match(await closed, { code: 4404 });
  const wrong = await join(port, '/v1/boards/wrong', { protocols: ['bearer', 'ann'], origin });
  t.match(await wrong.closed, { code: 4400 });
  const program = await join(port, '/v1/boards/secret', { protocols: ['bearer', 'ann'] });
  t.match(await program.closed, { code: 4404 }, 'Node has the same WebSocket, and no page');
  t.notOk(JSON.stringify(instance.lines).includes('ann~forged'), 'no token stands in the log');
});

t.test('there is room for so many, and for so many of one caller', async (t) => {
  await using instance = await startInstance({
    env: { PARKWISE_LIVE_CONNECTIONS: '3', PARKWISE_LIVE_CONNECTIONS_PER_CALLER: '2' },
  });
  const { port } = instance;
  await using first = await join(port, '/v1/boards/chess', { token: 'ann' });
  const second = await join(port, '/v1/boards/chess', { token: 'ann' });
  t.match(await refusal(port, '/v1/boards/chess', { token: 'ann' }), {
    status: 429,
    headers: { 'retry-after': '30' },
    body: { type: problem('too-many-connections') },
  });
  await using third = await join(port, '/v1/boards/chess', { token: 'bob' });
  t.match(await refusal(port, '/v1/boards/chess', { token: 'cid' }), { status: 503 });
  second.ws.close();
  await second.closed;
  await using again = await join(port, '/v1/boards/chess', { token: 'cid' });
  await Promise.all([first, third, again].map((player) => player.hearsType('Board')));
  t.match(await refusal(port, '/v1/boards/wrong', { token: 'bob' }), { status: 503 }, 'all seats are taken');
});

t.test('a seat is free again when the upgrade fails or the client has gone meanwhile', async (t) => {
  await using instance = await startInstance({ env: { PARKWISE_LIVE_CONNECTIONS: '1' } });
  const { port } = instance;
  t.match(await refusal(port, '/v1/boards/wrong', { token: 'ann' }), { status: 400 });
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      // No key: `ws` refuses it after everything else has been decided.
      socket.write(
        'GET /v1/boards/chess HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ann\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      );
    });
    socket.resume();
    socket.once('close', () => resolve());
  });
  await using player = await join(port, '/v1/boards/chess');
  t.ok(await player.hearsType('Board'));
});

t.test('while it starts and while it stops nobody is let in', async (t) => {
  await using instance = await startInstance();
  for (const phase of ['starting', 'stopping'] as const) {
    instance.state.phase = phase;
    t.match(await refusal(instance.port, '/v1/boards/chess', { token: 'ann' }), { status: 503 });
  }
});

t.test('an offer of another protocol is answered as any request', async (t) => {
  await using instance = await startInstance();
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(instance.port, '127.0.0.1', () =>
      socket.end('GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n'),
    );
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.once('close', () => resolve(text));
  });
  t.match(answer, /^HTTP\/1\.1 200/);
});
