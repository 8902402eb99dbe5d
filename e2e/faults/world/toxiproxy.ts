import { sharedServer } from './servers.ts';

/** A TCP proxy before a server, which does to the connections what it is told. */
export interface Proxy {
  readonly port: number;
  /** @returns how to end it. */
  toxic(toxic: Toxic): Promise<() => Promise<void>>;
  /** Closes all connections and takes no new ones, until it is enabled again. */
  enable(enabled: boolean): Promise<void>;
  remove(): Promise<void>;
}

/** See https://github.com/Shopify/toxiproxy#toxics. */
export interface Toxic {
  readonly type: 'latency' | 'timeout' | 'reset_peer' | 'limit_data' | 'bandwidth';
  /** `downstream`: from the server to the client. */
  readonly stream: 'downstream' | 'upstream';
  readonly attributes: Readonly<Record<string, number>>;
}

/** Through the shared Toxiproxy: a proxy of one's own does not hurt anybody else. */
export const openProxy = async (name: string, upstreamPort: number): Promise<Proxy> => {
  const api = await sharedServer('toxiproxy');
  const request = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${api}${path}`, {
      method,
      // Toxiproxy refuses what looks like a browser.
      headers: { 'user-agent': 'faults', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Toxiproxy answered ${response.status} to ${method} ${path}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const listen = '127.0.0.1:0';
  const made = (await request('POST', '/proxies', {
    name,
    listen,
    upstream: `127.0.0.1:${upstreamPort}`,
    enabled: true,
  })) as {
    readonly listen: string;
  };
  const place = `/proxies/${name}`;
  let last = 0;
  return {
    port: Number(made.listen.split(':').at(-1)),
    async toxic({ type, stream, attributes }) {
      last += 1;
      const toxic = `${type}-${last}`;
      await request('POST', `${place}/toxics`, { name: toxic, type, stream, attributes, toxicity: 1 });
      return async () => void (await request('DELETE', `${place}/toxics/${toxic}`));
    },
    enable: async (enabled) => void (await request('POST', place, { enabled })),
    remove: async () => void (await request('DELETE', place)),
  };
};
