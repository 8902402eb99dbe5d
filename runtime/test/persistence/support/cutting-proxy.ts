/** Stands between a service and its database, and cuts the connection at a statement. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** `before`: the statement never arrives. `after`: it is carried out, and its answer never arrives. */
export type Cut = { readonly at: RegExp; readonly when: 'before' | 'after' };

export interface CuttingProxy {
  /** The URL, by way of the proxy. */
  through(url: string): string;
  /** Once. */
  cutNext(cut: Cut): void;
  /** How often it did. */
  readonly cuts: number;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let next: Cut | undefined;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let isDeaf = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.on('data', (bytes) => {
      if (next?.at.test(bytes.toString('latin1'))) {
        const { when } = next;
        next = undefined;
        cuts += 1;
        if (when === 'before') {
          client.destroy();
          return;
        }
        isDeaf = true;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (isDeaf) client.destroy();
      else client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    through(url) {
      const { port: own } = server.address() as AddressInfo;
      return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(own) }).href;
    },
    cutNext(cut) {
      next = cut;
    },
    get cuts() {
      return cuts;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
