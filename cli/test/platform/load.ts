/** Requests at a steady pace, and what became of each. */
import { Agent, request } from 'node:http';

export interface LoadOptions {
  /** The request number `index`. */
  readonly send: (index: number) => {
    readonly method: string;
    readonly url: string;
    readonly headers?: Record<string, string>;
  };
  readonly perSecond: number;
}

export interface LoadReport {
  readonly sent: number;
  /** Answers by status; what was not answered by the code of its error. */
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface Load {
  /** Sends no more, waits for what is under way. */
  stop(): Promise<LoadReport>;
}

/** Half of the requests come over connections that are kept, half over one of their own. */
export const startLoad = ({ send, perSecond }: LoadOptions): Load => {
  const kept = new Agent({ keepAlive: true, maxSockets: 64 });
  const outcomes: Record<string, number> = {};
  const running = new Set<Promise<void>>();
  const begun = performance.now();
  let sent = 0;
  const sendOne = (): void => {
    const index = sent;
    sent += 1;
    const { method, url, headers } = send(index);
    const one = new Promise<string>((resolve) => {
      const agent = index % 2 === 0 ? kept : false;
      const made = request(url, { method, agent, ...(headers && { headers }) }, (response) => {
        response.resume();
        response.once('close', () => resolve(response.complete ? String(response.statusCode) : 'cut off'));
      });
      made.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      made.end();
    }).then((outcome) => {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      running.delete(one);
    });
    running.add(one);
  };
  const timer = setInterval(() => {
    while (sent < ((performance.now() - begun) / 1000) * perSecond) sendOne();
  }, 5);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
      kept.destroy();
      return { sent, outcomes };
    },
  };
};
