/** A broker that takes TLS with a password alone. */
import t from 'tap';
import { ownBackend } from '../../../e2e/backends/own-backend.ts';
import { openBus } from '../../src/messaging/open-bus.ts';
import { kafka } from '../backends.ts';
import { until } from './support/until.ts';

// What the shared one needs, this one needs, too.
t.test('TLS and passwords', { skip: kafka.skip }, async (t) => {
  const broker = await ownBackend('kafka', { secure: true });
  t.teardown(() => broker.remove());
  await broker.start();
  const given = new URL(broker.url);
  const url = (change: (url: URL) => void): string => {
    const changed = new URL(given);
    change(changed);
    return changed.href;
  };

  for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512']) {
    await t.test(`messages are sent and received by ${mechanism}`, async (t) => {
      const bus = await openBus(url(({ searchParams }) => searchParams.set('sasl', mechanism)));
      const topic = `orders.${mechanism}`;
      await bus.createTopics([{ name: topic, partitions: 2 }]);
      await bus.send([{ topic, key: 'a', headers: {}, value: '1' }]);
      const got: string[] = [];
      await bus.subscribe({ group: mechanism, topics: [topic], handle: async (one) => void got.push(one.value) });
      await until('the message', () => got.length === 1);
      await bus.close();
      t.same(got, ['1']);
    });
  }

  const refused = async (wrong: string, pattern: RegExp): Promise<void> => {
    const bus = await openBus(wrong, { timeoutMs: 3_000 });
    try {
      await bus.createTopics([{ name: 'orders', partitions: 1 }]);
      t.fail('it was let in');
    } catch (error) {
      t.match(error, { message: pattern });
      t.notMatch(String(error), /wrong-password|parkwise-test-password/);
    } finally {
      await bus.close();
    }
  };

  await t.test('a wrong password is refused at once: waiting would not mend it', async () => {
    for (const mechanism of ['plain', 'scram-sha-256']) {
      await refused(
        url((wrong) => {
          wrong.password = 'wrong-password';
          wrong.searchParams.set('sasl', mechanism);
        }),
        /authentication/i,
      );
    }
  });

  await t.test('a certificate of an authority that is not known is refused', () =>
    refused(
      url(({ searchParams }) => searchParams.delete('tlsCa')),
      /certificate/i,
    ),
  );

  await t.test('nor is a certificate of another name accepted', () =>
    refused(
      url(({ searchParams }) => searchParams.set('tlsServerName', 'kafka.example.org')),
      /does not match certificate|altnames/i,
    ),
  );

  await t.test('without TLS nobody gets in', async (t) => {
    const bus = await openBus(`kafka://127.0.0.1:${broker.port}`, { timeoutMs: 1_000 });
    await bus.createTopics([{ name: 'orders', partitions: 1 }]);
    await t.rejects(bus.send([{ topic: 'orders', headers: {}, value: '1' }]));
    await bus.close();
  });
});
