import { randomBytes } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';

export interface BrokerClock {
  /** The broker's clock less ours. */
  readonly clockOffsetMs: number;
  /** Half of the way there and back: the offset is not known better than that. */
  readonly clockErrorMs: number;
}

/**
 * A broker cannot be asked for its time; it tells the one at which it has appended a record. So a topic is made for two records, and
 * deleted again: the first lets the client find its way there, the second is timed.
 *
 * @throws Error of kafkajs when the account may not; a topic that cannot be deleted is named
 */
export const readBrokerClock = async (kafka: Kafka, admin: Admin, timeoutMs: number): Promise<BrokerClock> => {
  const topic = `parkwise.probe.${randomBytes(6).toString('hex')}`;
  const configEntries = [
    { name: 'message.timestamp.type', value: 'LogAppendTime' },
    // Should it be left behind, it empties itself.
    { name: 'retention.ms', value: '60000' },
  ];
  await admin.createTopics({
    waitForLeaders: true,
    timeout: timeoutMs,
    topics: [{ topic, numPartitions: 1, replicationFactor: -1, configEntries }],
  });
  const producer = kafka.producer();
  const append = async (): Promise<BrokerClock> => {
    const before = Date.now();
    const [told] = await producer.send({ topic, messages: [{ value: 'probe' }], timeout: timeoutMs });
    const after = Date.now();
    const time = Number(told?.logAppendTime ?? -1);
    if (time < 0) throw new Error('the broker does not tell when it has appended a record');
    return {
      clockOffsetMs: Math.round(time - (before + after) / 2),
      clockErrorMs: Math.ceil((after - before) / 2) + 1,
    };
  };
  try {
    await producer.connect();
    await append();
    return await append();
  } finally {
    void producer.disconnect().catch(() => undefined); // it is not used again
    await admin.deleteTopics({ topics: [topic], timeout: timeoutMs }).catch((error: unknown) => {
      throw new Error(`the topic ${topic} was made and cannot be deleted`, { cause: error });
    });
  }
};
