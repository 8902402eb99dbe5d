import { randomUUID } from 'node:crypto';
import t from 'tap';
import { openBus } from '../../../runtime/src/messaging/open-bus.ts';
import { kafka } from '../../../runtime/test/backends.ts';
import { openShop } from './shop.ts';

t.test('messages are published to a broker and shown from it', { skip: kafka.skip }, async (t) => {
  await using shop = await openShop();
  const namespace = `t${randomUUID().slice(0, 8)}`;
  // A process of its own takes the environment over.
  process.env['PARKWISE_NAMESPACE'] = namespace;
  t.teardown(() => delete process.env['PARKWISE_NAMESPACE']);
  const url = ['--events-url', kafka.url];
  t.match(await shop.run('events', 'publish', 'OrderPlaced', '--data', '{"orderId":"order-7"}', ...url), {
    code: 0,
    stdout: new RegExp(`${namespace}.shop.orders.events \\(key order-7\\)`),
  });
  const { stdout } = await shop.run('events', 'tail', '--json', ...url);
  const lines = stdout.trim().split('\n');
  t.match(
    lines.map((line): unknown => JSON.parse(line)),
    [{ topic: `${namespace}.shop.orders.events`, key: 'order-7', value: { orderId: 'order-7' } }],
  );
  const tail = shop.start('events', 'tail', 'shop.orders.events', '--from-beginning', '--follow', '--json', ...url);
  await tail.line(/order-7/);
  await shop.run('events', 'publish', 'OrderPlaced', '--data', '{"orderId":"order-8"}', ...url);
  await tail.line(/order-8/);
  tail.signal('SIGINT');
  t.match(await tail.ended, { code: 0 });
  t.match(await shop.run('events', 'tail', 'nothing', ...url), { code: 1, stderr: /no topic nothing/ });
  const bus = await openBus(kafka.url);
  t.match(await bus.describeTopics([`${namespace}.shop.orders.events`]), [{ partitions: 8 }]);
  await bus.close();
});

t.test('a broker that does not answer is said so, without the password', async (t) => {
  await using shop = await openShop();
  const away = await shop.run('events', 'tail', '--events-url', 'kafka://user:hidden@127.0.0.1:1');
  t.match(away, { code: 1, stderr: /cannot be used: [^]*127.0.0.1:1/ });
  t.notMatch(away.stderr, /hidden/);
});
