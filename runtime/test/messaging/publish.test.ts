import t from 'tap';
import { createPublish } from '../../src/messaging/publish.ts';
import { openDatabase } from '../../src/persistence/open-database.ts';
import { orderPlaced, stockLow, validator } from './support/order-messages.ts';

const clock = { now: () => new Date('2030-01-02T03:04:05.678Z') };
const ids = { next: () => '01900000-0000-7000-8000-000000000001' };
const options = { source: 'sales', clock, ids };
const cause = { correlationId: 'c-1', causationId: 'r-1' };

async function published(write: (publish: ReturnType<typeof createPublish>, tx: never) => Promise<void>) {
  const database = await openDatabase('sqlite::memory:');
  await database.migrate([]);
  const publish = createPublish([orderPlaced, stockLow], { ...options, namespace: 'test' });
  try {
    await database.transaction((tx) => write(publish, tx as never), { cause });
    const row = await database.knex('parkwise_outbox').first();
    return { ...row, headers: JSON.parse(row.headers), payload: JSON.parse(row.payload) };
  } finally {
    await database.close();
  }
}

t.test('the envelope of the contract is filled in, headers say the same as CloudEvents', async (t) => {
  const row = await published((publish, tx) => publish['orderPlaced']!(tx, { orderId: 'o-1', total: 5 }));
  t.same(row.payload, {
    meta: {
      id: ids.next(),
      kind: 'order.placed',
      version: 2,
      at: '2030-01-02T03:04:05.678Z',
      cause: 'r-1',
    },
    data: { orderId: 'o-1', total: 5 },
  });
  t.same(row.headers, {
    ce_specversion: '1.0',
    ce_id: ids.next(),
    ce_type: 'order.placed',
    ce_dataversion: '2',
    ce_time: '2030-01-02T03:04:05.678Z',
    ce_source: 'sales',
    ce_correlationid: 'c-1',
    ce_causationid: 'r-1',
    ce_subject: 'o-1',
    'x-correlation': 'c-1',
    'content-type': 'application/json',
  });
  t.match(row, { event_id: ids.next(), topic: 'test.shop.orders.events', aggregate_id: 'o-1', published_at: null });
});

t.test('without an envelope the payload is the data alone', async (t) => {
  const row = await published((publish, tx) =>
    publish['stockLow']!(tx, { item: 'bolt' }, { key: 'bolt', sequence: 4 }),
  );
  t.same(row.payload, { item: 'bolt' });
  t.match(row, { aggregate_id: 'bolt', aggregate_version: 4, headers: { ce_id: ids.next(), ce_sequence: '4' } });
});

t.test('data are copied, not changed, when the envelope stands among them', async (t) => {
  const flat = {
    ...stockLow,
    envelope: { id: { in: 'payload', pointer: '/id' } as const, data: { in: 'payload', pointer: '' } as const },
  };
  const database = await openDatabase('sqlite::memory:');
  await database.migrate([]);
  const publish = createPublish([flat], options);
  const data = Object.freeze({ item: 'bolt' });
  await database.transaction((tx) => publish['stockLow']!(tx, data));
  const row = await database.knex('parkwise_outbox').first();
  t.same(JSON.parse(row.payload), { item: 'bolt', id: ids.next() });
  await database.close();
});

t.test('what does not fit the contract is refused in the transaction, and says where', async (t) => {
  await t.rejects(
    published((publish, tx) => publish['orderPlaced']!(tx, { orderId: 'o-1', total: 'much' })),
    { name: 'InvalidMessageError', messageName: 'OrderPlaced', pointer: '/data/total', message: /must be number/ },
  );
  const strict = { ...stockLow, validateHeaders: validator(() => ({ pointer: '/x', message: 'must be there' })) };
  const database = await openDatabase('sqlite::memory:');
  await database.migrate([]);
  const publish = createPublish([strict], options);
  await t.rejects(
    database.transaction((tx) => publish['stockLow']!(tx, {})),
    /header \/x/,
  );
  await database.close();
});

t.test('a publisher is named as generated code names it', async (t) => {
  const named = (name: string, publisher?: string) =>
    Object.keys(createPublish([{ ...stockLow, name, ...(publisher ? { publisher } : {}) }], options));
  t.same(named('OrderPlaced'), ['orderPlaced']);
  t.same(named('order-placed'), ['orderPlaced']);
  t.same(named('HTTPOrder'), ['httpOrder']);
  t.same(named('Delete', 'deleteMessage'), ['deleteMessage']);
});
