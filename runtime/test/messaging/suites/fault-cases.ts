import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../src/persistence/open-database.ts';
import type { EventLog } from '../../../src/messaging/event-bus.ts';
import { readFaults } from '../../../src/messaging/sabotage.ts';
import { count, effects, openShop, type Handler } from '../support/shop.ts';
import type { Transport } from '../support/transports.ts';
import { until } from '../support/until.ts';
import { caseList } from '../support/cases.ts';

const { cases, add } = caseList();
export const faultCases = cases;

interface World {
  /** Runs a service until it kills itself. */
  dies(role: 'sales' | 'warehouse', where: string, settings?: { sabotage?: string; orders?: number }): Promise<void>;
  /** Starts a service that is to run. */
  starts(role: 'sales' | 'warehouse'): Promise<ChildProcess>;
  /** Breaks the transport for the process, which is the only one of its kind. @returns how to mend it. */
  breaksFor(child: ChildProcess): Promise<() => Promise<void>>;
  /** Runs a service until `done`. */
  runs(role: 'sales' | 'warehouse', done: () => Promise<boolean>, sabotage?: string): Promise<void>;
  effects(): Promise<number>;
  sent(): Promise<number>;
  /** Whether the group has acknowledged all that was sent. */
  caughtUp(): Promise<boolean>;
}

async function inWorld(transport: Transport, work: (world: World) => Promise<void>): Promise<void> {
  const place = await transport.prepare();
  const directory = await mkdtemp(join(tmpdir(), 'shop-'));
  const url = (name: string): string => `sqlite:${join(directory, name)}`;
  const orders = place.name('shop.orders.events');
  /** Opened anew for each look: what a test has broken must not stay in an old connection. */
  const look = async <R>(at: (log: EventLog) => Promise<R>): Promise<R> => {
    const log = await place.open();
    try {
      return await at(log);
    } finally {
      await log.close();
    }
  };
  await look((log) => log.createTopics([{ name: orders, partitions: 4 }]));
  const start = (role: string, where: string, sabotage: string, orders = 1) =>
    fork(
      join(import.meta.dirname, '../support/shop-process.ts'),
      [role, url(role), place.url, where, role === 'sales' && where === 'never' ? '0' : String(orders)],
      {
        execArgv: ['--conditions=parkwise-source', '--disable-warning=ExperimentalWarning'],
        env: {
          ...process.env,
          PARKWISE_SABOTAGE: sabotage,
          PARKWISE_NAMESPACE: place.namespace,
          LEASE_MS: String(transport.shortLeaseMs),
        },
      },
    );
  try {
    await work({
      async dies(role, where, { sabotage = '', orders } = {}) {
        const [, signal] = await once(start(role, where, sabotage, orders), 'exit');
        if (signal !== 'SIGKILL') throw new Error(`ended by ${String(signal)} instead`);
      },
      async starts(role) {
        const child = start(role, 'never', '');
        await once(child, 'message');
        return child;
      },
      breaksFor: (child) => place.breakForGood(place.name('warehouse'), child.pid ?? 0),
      async runs(role, done, sabotage = '') {
        const child = start(role, 'never', sabotage);
        await once(child, 'message');
        await until(`the work of ${role}`, done);
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      },
      async effects() {
        const database = await openDatabase(url('warehouse'));
        try {
          return await effects.count(database);
        } finally {
          await database.close();
        }
      },
      sent: async () => (await look((log) => log.read(orders))).length,
      caughtUp: async () => {
        const lags = await look((log) => log.lag(place.name('warehouse')));
        return lags.length > 0 && lags.every((lag) => lag.committed === lag.end);
      },
    });
  } finally {
    await place.remove();
    await rm(directory, { recursive: true, force: true });
  }
}

add('killed between commit and acknowledgement: the message comes again, its effect does not', (t, transport) =>
  inWorld(transport, async (world) => {
    await world.runs('sales', async () => true);
    await world.dies('sales', 'after-commit');
    t.equal(await world.sent(), 0, 'the kill came before the relay');
    await world.runs('sales', async () => (await world.sent()) === 1);
    await world.dies('warehouse', 'after-commit');
    t.notOk(await world.caughtUp(), 'the kill came before the acknowledgement');
    await world.runs('warehouse', () => world.caughtUp());
    t.equal(await world.effects(), 1);
  }),
);

add('killed before the commit: nothing was sent, nothing is lost', (t, transport) =>
  inWorld(transport, async (world) => {
    await world.dies('sales', 'before-commit');
    await world.dies('sales', 'after-commit');
    await world.runs('sales', async () => (await world.sent()) > 0);
    t.equal(await world.sent(), 1);
    await world.dies('warehouse', 'before-commit');
    t.equal(await world.effects(), 0);
    await world.runs('warehouse', () => world.caughtUp());
    t.equal(await world.effects(), 1);
  }),
);

add('killed between the works of messages that share a transaction: all come again, each effect once', (t, transport) =>
  inWorld(transport, async (world) => {
    await world.dies('sales', 'after-commit', { orders: 40 });
    await world.runs('sales', async () => (await world.sent()) === 40);
    await world.dies('warehouse', 'between-works');
    t.ok((await world.effects()) < 40, 'the kill came before the end');
    await world.dies('warehouse', 'after-commit');
    await world.runs('warehouse', () => world.caughtUp());
    t.equal(await world.effects(), 40);
  }),
);

add('a consumer that can never receive again ends its process; started anew, it goes on', (t, transport) =>
  inWorld(transport, async (world) => {
    const warehouse = await world.starts('warehouse');
    const exited = once(warehouse, 'exit');
    const mend = await world.breaksFor(warehouse);
    t.same(await exited, [1, null]);
    await mend();
    await world.dies('sales', 'after-commit');
    await world.runs('sales', async () => (await world.sent()) === 1);
    await world.runs('warehouse', () => world.caughtUp());
    t.equal(await world.effects(), 1);
  }),
);

add('each saboteur breaks what it is meant to break', async (t, transport) => {
  await inWorld(transport, async (world) => {
    await world.dies('sales', 'after-commit', { sabotage: 'publish-after-commit' });
    await world.runs('sales', async () => true, 'publish-after-commit');
    t.equal(await world.sent(), 0, 'publish-after-commit loses what was committed');
  });
  await inWorld(transport, async (world) => {
    await world.dies('sales', 'after-commit');
    await world.runs('sales', async () => (await world.sent()) === 1);
    await world.dies('warehouse', 'before-commit', { sabotage: 'ack-before-handler' });
    await world.runs('warehouse', () => world.caughtUp(), 'ack-before-handler');
    t.equal(await world.effects(), 0, 'ack-before-handler loses what was received');
  });
  await inWorld(transport, async (world) => {
    await world.dies('sales', 'after-commit');
    await world.runs('sales', async () => (await world.sent()) === 1);
    await world.dies('warehouse', 'after-commit', { sabotage: 'inbox-off' });
    await world.runs('warehouse', () => world.caughtUp(), 'inbox-off');
    t.equal(await world.effects(), 2, 'inbox-off has an effect twice');
  });
});

add('saboteurs are honoured in development alone', async (t) => {
  t.same([...readFaults('development', { PARKWISE_SABOTAGE: 'inbox-off, something-of-others' })], ['inbox-off']);
  t.equal(readFaults('production', {}).size, 0);
  t.throws(() => readFaults('production', { PARKWISE_SABOTAGE: 'inbox-off' }), /fault tests/);
});

add(
  'each message three times, shuffled, handlers crashing before and after their commit: one effect each',
  async (t, transport) => {
    await using shop = await openShop(transport);
    const chance = fixedChances(42);
    const crashing: Handler = async (message, context, database) => {
      if (chance() < 0.1) throw new Error('crashed before the commit');
      await count(message, context, database);
      if (chance() < 0.1) throw new Error('crashed after the commit');
    };
    const messages = 300;
    await shop.sales.transaction(async (tx) => {
      for (let n = 0; n < messages; n += 1) await shop.publish['orderPlaced']!(tx, { orderId: `o-${n}`, total: n });
    });
    await shop.relay.flush();
    const sent = await shop.bus.read(shop.orders);
    const again = [...sent, ...sent].map((record) => ({ record, at: chance() })).toSorted((a, b) => a.at - b.at);
    await shop.bus.send(again.map(({ record }) => ({ ...record })));
    await shop.startWarehouse(crashing, { retryMs: Array.from({ length: 12 }, () => 1) });
    await until('all effects', async () => (await effects.count(shop.warehouse)) >= messages);
    await until('all acknowledged', async () =>
      (await shop.bus.lag(shop.name('warehouse'))).every((lag) => lag.committed === lag.end),
    );
    t.equal(new Set(await shop.handled()).size, messages);
    t.equal((await shop.handled()).length, messages);
    t.same(await shop.deadLetters(), []);
  },
);

add('poison among good messages ends in the dead letters, and a replay has one effect', async (t, transport) => {
  await using shop = await openShop(transport);
  let mended = false;
  await shop.startWarehouse(
    async (message, context, database) => {
      if (message.payload.total < 0 && !mended) throw new Error('negative');
      await count(message, context, database);
    },
    { retryMs: [1] },
  );
  await shop.sales.transaction(async (tx) => {
    for (let n = 1; n <= 200; n += 1) {
      await shop.publish['orderPlaced']!(tx, { orderId: `o-${n}`, total: n % 20 === 0 ? -n : n });
    }
  });
  await shop.outcome('dead-lettered', 10);
  await shop.outcome('handled', 190);
  mended = true;
  const dead = await shop.deadLetters();
  for (let replay = 0; replay < 2; replay += 1) {
    await shop.bus.send(dead.map((record) => ({ ...record, topic: record.headers['x-original-topic'] ?? '' })));
  }
  await shop.outcome('handled', 200);
  await shop.outcome('duplicate', 10);
  t.equal((await shop.handled()).length, 200);
});

/** Linear congruential generator of Numerical Recipes: the same chances in each run. */
function fixedChances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
