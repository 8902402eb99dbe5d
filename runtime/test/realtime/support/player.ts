import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket, type ClientOptions } from 'ws';

export interface Heard {
  readonly type: string;
  readonly version?: number | string;
  readonly data: Record<string, unknown>;
}

/** A client that remembers what it has heard. */
export class Player implements AsyncDisposable {
  readonly ws: WebSocket;
  readonly heard: Heard[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #waiting: { readonly accepts: (heard: Heard) => boolean; readonly resolve: (heard: Heard) => void }[] = [];

  constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('message', (raw) => {
      const heard = JSON.parse(String(raw)) as Heard;
      this.heard.push(heard);
      const done = this.#waiting.filter(({ accepts }) => accepts(heard));
      this.#waiting = this.#waiting.filter((one) => !done.includes(one));
      for (const { resolve } of done) resolve(heard);
    });
    ws.on('error', (error) => void (this.error = error)); // the close that follows says enough
    this.closed = once(ws, 'close').then(([code, reason]: unknown[]) => ({
      code: Number(code),
      reason: String(reason),
    }));
  }
  error: Error | undefined;

  /** The first message, past or to come, that fits. */
  hears(accepts: (heard: Heard) => boolean): Promise<Heard> {
    const past = this.heard.find(accepts);
    if (past) return Promise.resolve(past);
    return new Promise((resolve) => this.#waiting.push({ accepts, resolve }));
  }

  hearsType(type: string): Promise<Heard> {
    return this.hears((heard) => heard.type === type);
  }

  say(type: string, data: object): void {
    this.ws.send(JSON.stringify({ type, data }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ws.terminate();
    await this.closed;
  }
}

export interface ConnectOptions extends ClientOptions {
  readonly token?: string;
  readonly protocols?: string[];
}

const socketTo = (port: number, path: string, { token, protocols = [], ...options }: ConnectOptions): WebSocket =>
  new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, {
    ...options,
    headers: { ...options.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  });

/** Opens a connection that is let in. */
export const join = async (port: number, path: string, options: ConnectOptions = { token: 'ann' }): Promise<Player> => {
  const player = new Player(socketTo(port, path, options));
  await Promise.race([
    once(player.ws, 'open'),
    player.closed.then(() => {
      throw player.error ?? new Error('closed before it was open');
    }),
  ]);
  return player;
};

export interface Refusal {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

/** The answer to an upgrade that is refused. */
export const refusal = async (port: number, path: string, options: ConnectOptions = {}): Promise<Refusal> => {
  const ws = socketTo(port, path, options);
  const opened = once(ws, 'open').then(() => {
    ws.terminate();
    throw new Error(`${path} let the client in`);
  });
  opened.catch(() => undefined); // the race below hears of it
  const answered = once(ws, 'unexpected-response') as Promise<[unknown, IncomingMessage]>;
  const [, response] = await Promise.race([answered, opened]);
  const text = (await response.toArray()).join('');
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: JSON.parse(text) as Record<string, unknown>,
  };
};
