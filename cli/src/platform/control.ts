import { timingSafeEqual } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOST } from './instances.ts';
import type { StartProblem } from './start-problem.ts';

/** What the supervisor writes while it carries out an order: one JSON object per line. */
export type ControlLine =
  | { readonly type: 'progress'; readonly line: string }
  | { readonly type: 'done' }
  | { readonly type: 'problem'; readonly service: string; readonly problem: StartProblem };

export interface Orders {
  /** Restarts the processes of the services one after another. */
  restart(
    services: readonly string[],
    progress: (line: string) => void,
  ): Promise<{ readonly service: string; readonly problem: StartProblem } | undefined>;
}

export interface Control {
  readonly port: number;
  close(): Promise<void>;
}

/** Where the supervisor takes orders from other commands of this checkout: HTTP on this machine, for whoever knows the secret. */
export const openControl = async (secret: string, orders: Orders): Promise<Control> => {
  const expected = Buffer.from(`Bearer ${secret}`);
  const isKnown = (given: string | undefined): boolean => {
    const shown = Buffer.from(given ?? '');
    return shown.length === expected.length && timingSafeEqual(shown, expected);
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://control');
    if (!isKnown(request.headers.authorization)) return void response.writeHead(401).end();
    if (request.method !== 'POST' || url.pathname !== '/restart') return void response.writeHead(404).end();
    void restart(url.searchParams.getAll('service'), response);
  });
  const restart = async (services: readonly string[], response: ServerResponse): Promise<void> => {
    const write = (line: ControlLine): void => void response.write(`${JSON.stringify(line)}\n`);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    try {
      const failed = await orders.restart(services, (line) => write({ type: 'progress', line }));
      write(failed === undefined ? { type: 'done' } : { type: 'problem', ...failed });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      write({ type: 'problem', service: services.join(', '), problem: { code: 'restart', message, nextSteps: [] } });
    }
    response.end();
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
