/** Saboteurs: a proxy between the fuzzer and a service that breaks one promise of the contract, to see the fuzzer notice. */
import { createServer, request as forward, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

type Tamper = (answer: Answer, request: IncomingMessage) => Answer;

const isJson = ({ headers }: Answer): boolean => /json/.test(String(headers['content-type']));

const withBody = (answer: Answer, body: Buffer): Answer => ({
  ...answer,
  body,
  headers: { ...answer.headers, 'content-length': String(body.length) },
});

/** Successful answers by method and kind of path: what a service would say that checks nothing. */
const acceptAnything = (): Tamper => {
  const good = new Map<string, Answer>();
  return (answer, { method, url = '/' }) => {
    const place = `${method} ${new URL(url, 'http://localhost').pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*')}`;
    if (answer.status < 300) good.set(place, answer);
    return answer.status === 400 ? (good.get(place) ?? answer) : answer;
  };
};

/** By name: which promise is broken. */
export const saboteurs: Readonly<Record<string, () => Tamper>> = {
  'server-error': () => (answer) => (answer.status === 404 ? { ...answer, status: 500 } : answer),
  'undeclared-status': () => (answer) => (answer.status === 200 ? { ...answer, status: 203 } : answer),
  'wrong-content-type': () => (answer) =>
    isJson(answer) ? { ...answer, headers: { ...answer.headers, 'content-type': 'text/html' } } : answer,
  'missing-field': () => (answer) => {
    if (answer.status !== 200 || !isJson(answer)) return answer;
    const value = JSON.parse(answer.body.toString()) as Record<string, unknown>;
    return withBody(answer, Buffer.from(JSON.stringify(Object.fromEntries(Object.entries(value).slice(1)))));
  },
  'missing-header': () => (answer) => {
    const { location: _, etag: __, ...headers } = answer.headers;
    return { ...answer, headers };
  },
  'accepts-anything': acceptAnything,
};

export interface TamperingProxy {
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

export const startTamperingProxy = async (target: string, saboteur: string): Promise<TamperingProxy> => {
  const tamper = saboteurs[saboteur]?.();
  if (!tamper) throw new Error(`there is no saboteur ${saboteur}; there are: ${Object.keys(saboteurs).join(', ')}`);
  const server = createServer((request, response) => {
    const onward = forward(
      new URL(request.url ?? '/', target),
      { method: request.method ?? 'GET', headers: request.headers },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const answer = { status: incoming.statusCode ?? 502, headers: incoming.headers, body: Buffer.concat(chunks) };
          const isDocument = request.url === '/openapi.json';
          const { status, headers, body } = isDocument ? answer : tamper(answer, request);
          response.writeHead(status, headers).end(body);
        });
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
