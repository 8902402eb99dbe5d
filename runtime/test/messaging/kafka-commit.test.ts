/** A position is committed when the broker has it, and not before: kafkajs says nothing where a consumer ends meanwhile. */
import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { GroupSession, type Position } from '../../src/messaging/kafka/group-session.ts';
import { kafkaClients } from '../../src/messaging/kafka/kafka-client.ts';
import { parseKafkaUrl } from '../../src/messaging/kafka/kafka-url.ts';
import { kafka } from './support/transports.ts';

t.test('what a consumer that has ended did not commit is known', { skip: kafka.skip, timeout: 60_000 }, async (t) => {
  const world = await kafka.prepare();
  const bus = await world.open({ timeoutMs: 5_000 });
  const [topic, group] = [world.name('orders'), world.name('shop')];
  await bus.createTopics([{ name: topic, partitions: 1 }]);
  await bus.send([{ topic, key: 'a', headers: {}, value: '1' }]);
  const client = kafkaClients(parseKafkaUrl(world.url), { clientId: 'test', timeoutMs: 5_000 })();
  const taken = Promise.withResolvers<void>();
  const session = new GroupSession(client, {
    group,
    topics: [topic],
    leaseMs: kafka.shortLeaseMs,
    timeoutMs: 5_000,
    from: 'beginning',
    assigned: () => undefined,
    unassigned: () => undefined,
    take: async () => taken.resolve(),
  });
  const admin = client.admin();
  await admin.connect();
  const ended = session.run();
  t.teardown(async () => {
    await session.stop();
    await ended;
    await admin.disconnect();
    await bus.close();
    await world.remove();
  });
  const committed = async () => {
    const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    return offsets?.partitions[0]?.offset;
  };
  const handled: readonly Position[] = [{ topic, partition: 0, offset: 1 }];

  await taken.promise;
  await session.commit(handled);
  t.equal(await committed(), '1');
  await session.commit([]);
  const stopped = session.stop();
  await turn();
  await t.rejects(session.commit([{ topic, partition: 0, offset: 2 }]), { message: /ended before its offsets/ });
  await stopped;
  t.equal(await committed(), '1');
});
