import kafkajs, { type Kafka, type KafkaConfig } from 'kafkajs';
import type { Log } from '../../process/service-definition.ts';
import { kafkaLog } from './kafka-log.ts';
import type { KafkaAddress } from './kafka-url.ts';
import { patchKafkajs } from './patch-kafkajs.ts';

export interface ClientOptions {
  readonly clientId: string;
  readonly log?: Log | undefined;
  readonly timeoutMs: number;
}

/** Attempts within one call; who calls goes on for as long as it takes, with pauses that it can be woken from. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3 };

/** Makes clients of kafkajs, each with connections of its own. */
export function kafkaClients(address: KafkaAddress, { clientId, log, timeoutMs }: ClientOptions): () => Kafka {
  patchKafkajs();
  const logCreator = kafkaLog(log);
  const { brokers, tls, sasl } = address;
  return () =>
    new kafkajs.Kafka({
      clientId,
      brokers: [...brokers],
      connectionTimeout: Math.min(timeoutMs, 5_000),
      authenticationTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      retry: { ...RETRY },
      logLevel: kafkajs.logLevel.INFO,
      logCreator: logCreator as unknown as NonNullable<KafkaConfig['logCreator']>,
      ...(tls && { ssl: { ...tls } }),
      ...(sasl && { sasl: sasl as NonNullable<KafkaConfig['sasl']> }),
    });
}
