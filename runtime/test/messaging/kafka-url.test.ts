import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { parseKafkaUrl } from '../../src/messaging/kafka/kafka-url.ts';
import { openBus } from '../../src/messaging/open-bus.ts';

t.test('hosts, user and options are read', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'url-'));
  const ca = join(directory, 'ca.pem');
  await writeFile(ca, 'an authority');
  t.same(parseKafkaUrl('kafka://one:9093,two'), { brokers: ['one:9093', 'two:9092'] });
  t.same(parseKafkaUrl('kafka://[::1]:9092/').brokers, ['[::1]:9092']);
  t.same(parseKafkaUrl(`kafka://me:p%40ss%2F@one:1?tls=true&tlsCa=${ca}&tlsServerName=two&sasl=scram-sha-256`), {
    brokers: ['one:1'],
    tls: { ca: 'an authority', servername: 'two' },
    sasl: { mechanism: 'scram-sha-256', username: 'me', password: 'p@ss/' },
  });
  t.match(parseKafkaUrl('kafka://me:pass@one:1').sasl, { mechanism: 'plain' });
  await rm(directory, { recursive: true });
});

t.test('what cannot be used is said without the password', async (t) => {
  const wrong: Readonly<Record<string, RegExp>> = {
    'kafka://': /must be kafka:\/\/host:port/,
    'kafka://me:hidden@': /must be kafka:\/\/host:port/,
    'kafka://me:hidden@one:port': /hosts must be/,
    'kafka://me:hidden@one?tsl=true': /no parameter "tsl"/,
    'kafka://me:hidden@one?tls=yes': /tls must be true or false/,
    'kafka://me:hidden@one?tlsCa=/ca.pem': /tlsCa is of no use/,
    'kafka://me:hidden@one?tls=true&tlsCa=/nowhere/ca.pem': /file that tlsCa names cannot be read/,
    'kafka://me:hidden@one?tls=true&tlsCert=package.json': /belong together/,
    'kafka://me:hidden@one?sasl=kerberos': /sasl must be/,
    'kafka://me@one': /needs a user and a password/,
    'kafka://one?sasl=plain': /needs a user and a password/,
    'kafka://me:hidden%@one': /percent-encoded/,
    'http://me:hidden@one': /must be kafka:\/\/host:port or sqlite/,
  };
  for (const [url, message] of Object.entries(wrong)) {
    const error = await openBus(url).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    t.match(error, { message }, url.replace('hidden', '…'));
    t.notMatch(String(error), /hidden/);
  }
});
