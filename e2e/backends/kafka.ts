import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificates } from './certificates.ts';
import { exchange } from './exchange.ts';
import { runCommand } from './run-command.ts';
import type { Server } from './server.ts';
import type { BackendSettings } from './settings.ts';

const VERSION = '3.9.1';
/** Base64 of 16 bytes; any will do, the cluster has one node. */
const CLUSTER_ID = 'cGFya3dpc2UtYmFja2VuZA';
/** Of a secure broker; it is reached by loopback and holds test data. */
export const KAFKA_USER = 'parkwise';
export const KAFKA_PASSWORD = 'parkwise-test-password';

const jars = (programs: string): string => join(programs, `kafka-${VERSION}`);
const configuration = (home: string): string => join(home, 'run/kafka.properties');

/** Apache Kafka from Maven Central: broker and controller in one process (KRaft). */
export const kafka: Server = {
  name: 'kafka',
  processMark: 'kafka.Kafka',

  async install({ home, programs }) {
    if (existsSync(jars(programs))) return;
    const partial = `${jars(programs)}.${process.pid}`;
    const pom = join(import.meta.dirname, 'kafka/pom.xml');
    await runCommand(
      {
        program: 'mvn',
        args: [
          '-q',
          '-B',
          '-f',
          pom,
          'dependency:copy-dependencies',
          '-DincludeScope=runtime',
          `-DoutputDirectory=${partial}`,
        ],
      },
      { log: join(home, 'log/kafka.install.log') },
    );
    await rename(partial, jars(programs)).catch(async (error: unknown) => {
      // Somebody else was quicker.
      if (!existsSync(jars(programs))) throw error;
      await rm(partial, { recursive: true });
    });
  },

  async prepare(settings) {
    const { home, programs } = settings;
    const data = join(home, 'data/kafka');
    await mkdir(data, { recursive: true });
    await writeFile(configuration(home), await properties(settings));
    const classPath = ['-cp', `${jars(programs)}/*`];
    if (!existsSync(join(data, 'meta.properties'))) {
      const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
        '--add-scram',
        `${mechanism}=[name=${KAFKA_USER},password=${KAFKA_PASSWORD}]`,
      ]);
      const format = ['format', '--cluster-id', CLUSTER_ID, '--config', configuration(home), ...scram];
      await runCommand({ program: 'java', args: [...classPath, 'kafka.tools.StorageTool', ...format] });
    }
    const memory = ['-Xms192m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    return { program: 'java', args: [...memory, ...classPath, 'kafka.Kafka', configuration(home)] };
  },

  async ask({ ports, secure }) {
    // ApiVersions, version 0, which a broker answers before anybody has signed in; correlation 7.
    const request = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 0xff, 0xff]);
    const answer = await exchange({ port: ports.kafka, tls: secure }, request);
    if (answer.readInt32BE(4) !== 7) throw new Error('it does not speak the protocol of Kafka');
  },

  url: ({ home, advertisedPort, secure }) =>
    secure
      ? `kafka://${KAFKA_USER}:${KAFKA_PASSWORD}@127.0.0.1:${advertisedPort}?tls=true&tlsCa=${join(home, 'tls/ca.pem')}&sasl=scram-sha-512`
      : `kafka://127.0.0.1:${advertisedPort}`,
};

async function properties(settings: BackendSettings): Promise<string> {
  const { home, ports, controllerPort, advertisedPort, secure } = settings;
  const protocol = secure ? 'SASL_SSL' : 'PLAINTEXT';
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `${protocol}://127.0.0.1:${ports.kafka},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `${protocol}://127.0.0.1:${advertisedPort}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': protocol,
    'listener.security.protocol.map': `CONTROLLER:PLAINTEXT,${protocol}:${protocol}`,
    'log.dirs': join(home, 'data/kafka'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    // A single member need not wait for others.
    'group.initial.rebalance.delay.ms': '0',
    // After a kill the broker is let in again only when its old session has ended.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    ...(secure ? await security(settings) : {}),
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function security({ home }: BackendSettings): Promise<Record<string, string>> {
  const { ca, keyStore } = await makeCertificates(join(home, 'tls'));
  const jaas = (module: string, options = ''): string =>
    `org.apache.kafka.common.security.${module} required username="${KAFKA_USER}" password="${KAFKA_PASSWORD}"${options};`;
  const listener = 'listener.name.sasl_ssl';
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyStore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': ca,
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    [`${listener}.plain.sasl.jaas.config`]: jaas('plain.PlainLoginModule', ` user_${KAFKA_USER}="${KAFKA_PASSWORD}"`),
    [`${listener}.scram-sha-256.sasl.jaas.config`]: jaas('scram.ScramLoginModule'),
    [`${listener}.scram-sha-512.sasl.jaas.config`]: jaas('scram.ScramLoginModule'),
  };
}
