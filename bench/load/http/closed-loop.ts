/** A client that asks again as soon as it is answered, over so many connections that are kept open. */
import { Agent, request } from 'node:http';

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The only status that is right. */
  readonly status: number;
}

export interface Answers {
  /** A second. */
  readonly rate: number;
  /** Milliseconds that each took. */
  readonly took: readonly number[];
}

export const AT_ONCE = 16;

/** Calls for so long, each time another call. @throws Error with the answer, if its status is not the one */
export const closedLoop = async (next: () => Call, ms: number): Promise<Answers> => {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const took: number[] = [];
  const started = performance.now();
  const client = async (): Promise<void> => {
    while (performance.now() - started < ms) {
      const from = performance.now();
      await ask(agent, next());
      took.push(performance.now() - from);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    return { rate: (took.length * 1_000) / (performance.now() - started), took };
  } finally {
    agent.destroy();
  }
};

const ask = (agent: Agent, { method, url, headers, body, status }: Call): Promise<void> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { agent, method, headers: { ...headers } }, (response) => {
      if (response.statusCode === status) {
        response.resume();
        response.once('end', resolve);
        response.once('error', reject);
        return;
      }
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk: string) => (text += chunk));
      response.once('end', () => reject(new Error(`${method} ${url} answered ${response.statusCode}: ${text}`)));
    });
    asked.once('error', reject);
    asked.end(body);
  });
