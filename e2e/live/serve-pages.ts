import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stripTypeScriptTypes } from 'node:module';

export interface Pages extends AsyncDisposable {
  readonly port: number;
}

/** An empty page at `/`, and one module without its types at `/client.js`: what a page that copies the generated client serves. */
export const servePages = async (module: URL): Promise<Pages> => {
  const script = stripTypeScriptTypes(readFileSync(module, 'utf8'));
  const server = createServer(({ url }, response) => {
    if (url === '/') response.setHeader('content-type', 'text/html').end('<!doctype html><title>Live</title>');
    else if (url === '/client.js') response.setHeader('content-type', 'text/javascript').end(script);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
