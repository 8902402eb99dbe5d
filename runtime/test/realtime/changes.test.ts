import t from 'tap';
import { startInstance, type Instance } from './support/board-service.ts';
import { join, type Player } from './support/player.ts';

const board = '/v1/boards/chess';
const moves = ({ heard }: Player) => heard.filter(({ type }) => type === 'PieceMoved').map(({ data }) => data['to']);
const versionsOf = ({ heard }: Player) => heard.flatMap(({ version }) => version ?? []);
const moved = async (instance: Instance, ...places: readonly string[]) => {
  for (const to of places) await instance.move('chess', 'Q', to);
};
const leave = async (player: Player) => {
  player.ws.close();
  await player.closed;
};

t.test('first the whole, then each change with the next version', async (t) => {
  await using instance = await startInstance();
  await moved(instance, 'a1');
  await using ann = await join(instance.port, board);
  const whole = await ann.hearsType('Board');
  t.strictSame(whole.data, { pieces: { Q: 'a1' } });
  await moved(instance, 'a2', 'a3');
  await ann.hears(({ data }) => data['to'] === 'a3');
  t.strictSame(moves(ann), ['a2', 'a3']);
  const version = Number(whole.version);
  t.strictSame(versionsOf(ann), [version, version + 1, version + 2]);
});

t.test('a change is told when it has been committed, and never when it is rolled back', async (t) => {
  await using instance = await startInstance();
  await using ann = await join(instance.port, board);
  await ann.hearsType('Board');
  await t.rejects(
    instance.database.transaction(async (tx) => {
      await instance.tell.board.pieceMoved(tx, 'chess', { piece: 'Q', to: 'never' });
      throw new Error('changed my mind');
    }),
  );
  let isOver = false;
  await instance.database.transaction(async (tx) => {
    await instance.tell.board.pieceMoved(tx, 'chess', { piece: 'Q', to: 'a1' });
    // A round trip of the connection: what had been sent would have come before it.
    ann.ws.ping();
    await new Promise((resolve) => ann.ws.once('pong', resolve));
    t.strictSame(moves(ann), []);
    isOver = true;
  });
  await ann.hearsType('PieceMoved');
  t.ok(isOver);
  t.strictSame(moves(ann), ['a1']);
});

t.test('what does not fit the contract is not told, and the transaction fails', async (t) => {
  await using instance = await startInstance();
  const wrong = { piece: 'Q' } as never;
  await t.rejects(
    instance.database.transaction((tx) => instance.tell.board.pieceMoved(tx, 'chess', wrong)),
    { name: 'InvalidLiveMessageError', message: /PieceMoved does not fit its contract at "\/data\/to": is required/ },
  );
  await t.rejects(
    instance.database.transaction((tx) => instance.tell.board.pieceMoved(tx, '', { piece: 'Q', to: 'a1' })),
    /cannot be a room/,
  );
});

t.test('who comes back is told what was missed, one by one', async (t) => {
  await using instance = await startInstance();
  const first = await join(instance.port, board);
  await first.hearsType('Board');
  await moved(instance, 'a1');
  const { version } = await first.hearsType('PieceMoved');
  await leave(first);
  await moved(instance, 'a2', 'a3');
  await using again = await join(instance.port, `${board}?version=${version}`);
  t.match(await again.hearsType('Freshness'), { data: { state: 'current' } });
  await moved(instance, 'a4');
  await again.hears(({ data }) => data['to'] === 'a4');
  t.strictSame(moves(again), ['a2', 'a3', 'a4']);
  t.notOk(again.heard.some(({ type }) => type === 'Board'));
  t.strictSame(
    versionsOf(again),
    [1, 2, 3].map((step) => Number(version) + step),
  );
  await leave(again);
  await using last = await join(instance.port, `${board}?version=${Number(version) + 3}`);
  await last.hearsType('Freshness');
  t.equal(last.heard.length, 1, 'who has missed nothing is told so');
});

t.test('where what was missed is not known any more, the whole is sent', async (t) => {
  let now = Date.parse('2030-01-01T00:00:00Z');
  await using instance = await startInstance({ now: () => new Date(now) });
  await moved(instance, 'a1', 'a2');
  const first = await join(instance.port, board);
  const { version } = await first.hearsType('Board');
  await leave(first);
  const come = async (seen: unknown) => {
    await using player = await join(instance.port, `${board}?version=${String(seen)}`);
    return (await player.hears(({ type }) => type !== 'Freshness')).type;
  };
  await moved(instance, 'a3', 'a4');
  t.equal(await come(version), 'PieceMoved');
  t.equal(await come(0), 'Board');
  t.equal(await come(Number(version) + 50), 'Board', 'a version that is yet to come: another database');
  t.equal(await come(Number(version) - 50), 'Board', 'a version of long before');
  t.equal(await come('soon'), 'Board');
  t.equal(await come('1.2'), 'Board', 'of other rooms');
  now += 20 * 60_000;
  await moved(instance, 'a5');
  await instance.live.job.run(new AbortController().signal);
  t.equal(await come(version), 'Board', 'what is older than the retention is forgotten');
});

t.test('a change in the middle of a snapshot is neither lost nor told twice', async (t) => {
  await using instance = await startInstance();
  await moved(instance, 'a1');
  let count = 0;
  instance.hooks.duringSnapshot = async () => {
    // Each time the whole is read, something happens before it is sent.
    count += 1;
    await moved(instance, `b${count}`);
  };
  await using ann = await join(instance.port, board);
  const whole = await ann.hearsType('Board');
  instance.hooks.duringSnapshot = undefined;
  await moved(instance, 'c1');
  await ann.hears(({ data }) => data['to'] === 'c1');
  const versions = versionsOf(ann).map(Number);
  const since = Number(whole.version);
  t.strictSame(
    versions,
    versions.map((_, index) => since + index),
    'without gap and without repetition',
  );
  t.equal(moves(ann).at(-1), 'c1');
});

t.test('changes on their way while many join: everybody ends with the same', async (t) => {
  await using instance = await startInstance({ env: { PARKWISE_LIVE_CONNECTIONS_PER_CALLER: '100' } });
  const joining = { isOver: false };
  const writing = (async () => {
    for (let count = 0; !joining.isOver || count < 60; count += 1) {
      await instance.move('chess', `P${count % 5}`, `${count}`);
      // A database in this very thread would leave nobody else a turn.
      await new Promise(setImmediate);
    }
    await instance.move('chess', 'K', 'end');
  })();
  const players = await Promise.all(Array.from({ length: 40 }, () => join(instance.port, board)));
  joining.isOver = true;
  await writing;
  for (const player of players) {
    await player.hears(({ data }) => data['to'] === 'end');
    const versions = versionsOf(player).map(Number);
    t.strictSame(
      versions,
      versions.map((_, index) => (versions[0] ?? 0) + index),
    );
    const state: Record<string, unknown> = {};
    for (const { type, data } of player.heard) {
      if (type === 'Board') Object.assign(state, data['pieces']);
      if (type === 'PieceMoved') state[String(data['piece'])] = data['to'];
    }
    const { pieces } = await (async () => {
      await using late = await join(instance.port, board);
      return (await late.hearsType('Board')).data as { pieces: object };
    })();
    t.strictSame(state, pieces);
  }
});

t.test('a client that watches several rooms comes back with the versions of all', async (t) => {
  await using instance = await startInstance();
  const tell = (room: string, to: string) =>
    instance.database.transaction((tx) => instance.tell.boards.pieceMoved(tx, room, { piece: 'Q', to }));
  await tell('west', 'w0');
  const path = '/v1/many/west+east';
  const first = await join(instance.port, path);
  await first.hearsType('Board');
  await tell('east', 'e1');
  await tell('west', 'w1');
  const { version } = await first.hears(({ data }) => data['to'] === 'w1');
  t.match(version, /^\d+\.\d+$/);
  await leave(first);
  await tell('east', 'e2');
  await tell('north', 'n1');
  await tell('west', 'w2');
  await using again = await join(instance.port, `${path}?version=${version}`);
  await again.hearsType('Freshness');
  t.strictSame(moves(again).toSorted(), ['e2', 'w2']);
  t.notOk(again.heard.some(({ type }) => type === 'Board'));
});

t.test('a subscription decides what it is sent', async (t) => {
  await using instance = await startInstance({
    deliver: ({ data }) => {
      const { to } = data as { to: string };
      return to.startsWith('x') ? 'skip' : to === 'all' ? 'snapshot' : 'send';
    },
  });
  await using ann = await join(instance.port, board);
  const { version } = await ann.hearsType('Board');
  await moved(instance, 'a1', 'x1', 'all', 'a2');
  await ann.hears(({ data }) => data['to'] === 'a2');
  t.strictSame(
    ann.heard.map(({ type, data }) => (type === 'Board' ? (data['pieces'] as { Q?: string }).Q : data['to'])),
    [undefined, 'a1', 'all', 'a2'],
    'the whole stands in place of the change, and what followed comes after it',
  );
  await using back = await join(instance.port, `${board}?version=${Number(version)}`);
  t.match(await back.hears(({ type }) => type !== 'Freshness'), { type: 'Board' });
});
