import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What can be known of a Redis server by using it as the services do: to tell each other what has changed. */
export interface RedisProbe {
  readonly version: string;
  /** What services do and this account must not: `PUBLISH: <the server's words>`. */
  readonly missingRights: readonly string[];
  /** The server's clock less ours. */
  readonly clockOffsetMs: number;
  /** Half of the way there and back: the offset is not known better than that. */
  readonly clockErrorMs: number;
}

/**
 * Connects to `redis://[:password@]host:6379[/0]` or `rediss://…?tlsCa=/ca.pem` and tries a channel of its own.
 *
 * @throws Error with its `code`, when the server cannot be reached or refuses the account; it never names the password
 */
export const probeRedis = async (url: string, { timeoutMs = 5_000 } = {}): Promise<RedisProbe> => {
  const { createClient } = await import('@redis/client');
  const address = new URL(url);
  const ca = address.searchParams.get('tlsCa');
  address.search = '';
  const socket = { connectTimeout: timeoutMs, reconnectStrategy: false as const };
  const client = createClient({
    url: address.href,
    socket: ca === null ? socket : { ...socket, tls: true as const, ca: readFileSync(ca, 'utf8') },
  });
  // It is told to whoever waits for the command.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const info = await client.info('server');
    const before = Date.now();
    const [seconds, micros] = (await client.sendCommand(['TIME'])) as unknown as [string, string];
    const after = Date.now();
    const middle = (before + after) / 2;
    const channel = `parkwise:probe:${randomBytes(6).toString('hex')}`;
    const attempt = async (right: string, command: string[]): Promise<string[]> => {
      try {
        await client.sendCommand(command);
        return [];
      } catch (error) {
        return [`${right}: ${error instanceof Error ? error.message : String(error)}`];
      }
    };
    const missing = await attempt('PUBLISH', ['PUBLISH', channel, 'probe']);
    const subscriber = client.duplicate();
    subscriber.on('error', () => undefined); // told to `connect` or `subscribe`
    try {
      await subscriber.connect();
      await subscriber.subscribe(channel, () => undefined);
    } catch (error) {
      missing.push(`SUBSCRIBE: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      if (subscriber.isOpen) subscriber.destroy();
    }
    return {
      version: /^redis_version:(.*?)\r?$/m.exec(info)?.[1] ?? '',
      missingRights: missing,
      clockOffsetMs: Math.round(Number(seconds) * 1000 + Number(micros) / 1000 - middle),
      clockErrorMs: Math.ceil((after - before) / 2),
    };
  } finally {
    if (client.isOpen) client.destroy();
  }
};
