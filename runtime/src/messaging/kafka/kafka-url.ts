import { readFileSync } from 'node:fs';

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

export interface KafkaAddress {
  readonly brokers: readonly string[];
  /** For TLS; undefined: without. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly servername?: string };
  readonly sasl?: { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string };
}

const FORM = /^kafka:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?@]+)\/?(?:\?(?<query>.*))?$/;
const HOST = /^(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/;
const MECHANISMS: readonly string[] = ['plain', 'scram-sha-256', 'scram-sha-512'] satisfies SaslMechanism[];
const PARAMETERS = ['tls', 'tlsCa', 'tlsCert', 'tlsKey', 'tlsServerName', 'sasl'];

/** Its message tells what is wrong, and nothing of what stood there: the URL may hold a password. */
const wrong = (what: string): Error => new Error(`The URL of Kafka cannot be used: ${what}`);

/**
 * Reads `kafka://[user:password@]host:9092[,host2:9092][?tls=true&tlsCa=/ca.pem&sasl=scram-sha-512]`. Certificates are named by files
 * (`tlsCa`, `tlsCert`, `tlsKey`); `tlsServerName` is for brokers that are reached by another name than their certificate's. A user
 * signs in by `plain` if `sasl` does not say otherwise.
 */
export function parseKafkaUrl(url: string): KafkaAddress {
  const parts = FORM.exec(url)?.groups;
  if (!parts) throw wrong('it must be kafka://host:port[,host:port]');
  const brokers = (parts['hosts'] ?? '').split(',');
  if (!brokers.every((broker) => HOST.test(broker))) throw wrong('its hosts must be host:port[,host:port]');
  const query = new URLSearchParams(parts['query'] ?? '');
  const unknown = [...query.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) throw wrong(`it knows no parameter "${unknown}", only ${PARAMETERS.join(', ')}`);
  const tls = tlsOf(query);
  const sasl = saslOf(query, parts);
  return {
    brokers: brokers.map((broker) => (/:\d+$/.test(broker) ? broker : `${broker}:9092`)),
    ...(tls && { tls }),
    ...(sasl && { sasl }),
  };
}

function tlsOf(query: URLSearchParams): KafkaAddress['tls'] {
  const wanted = query.get('tls') ?? 'false';
  if (!['true', 'false'].includes(wanted)) throw wrong('tls must be true or false');
  if (wanted === 'false') {
    const stray = [...query.keys()].find((name) => name.startsWith('tls') && name !== 'tls');
    if (stray !== undefined) throw wrong(`${stray} is of no use without tls=true`);
    return undefined;
  }
  const read = (name: string): string | undefined => {
    const file = query.get(name);
    if (file === null || file === '') return undefined;
    try {
      return readFileSync(file, 'utf8');
    } catch {
      throw wrong(`the file that ${name} names cannot be read`);
    }
  };
  const [ca, cert, key] = [read('tlsCa'), read('tlsCert'), read('tlsKey')];
  if ((cert === undefined) !== (key === undefined)) throw wrong('tlsCert and tlsKey belong together');
  const servername = query.get('tlsServerName') ?? undefined;
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), ...(servername && { servername }) };
}

function saslOf(query: URLSearchParams, { user, password }: Record<string, string | undefined>): KafkaAddress['sasl'] {
  const mechanism = query.get('sasl');
  if (mechanism !== null && !MECHANISMS.includes(mechanism)) throw wrong(`sasl must be ${MECHANISMS.join(', ')}`);
  if (!user || !password) {
    if (mechanism !== null || user) throw wrong('who signs in needs a user and a password');
    return undefined;
  }
  try {
    const username = decodeURIComponent(user);
    return { mechanism: (mechanism ?? 'plain') as SaslMechanism, username, password: decodeURIComponent(password) };
  } catch {
    throw wrong('user or password are not percent-encoded as in URLs');
  }
}
