import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Auth } from '../http/operation.ts';
import type { ChannelDefinition } from './contract.ts';

export interface ConnectionLimits {
  /** Bytes that wait for one client before it is closed with 1013. */
  readonly bufferedBytes: number;
  /** Told when that happens. */
  readonly tooSlow: () => void;
}

/** A client that was told to go and does not read is cut off after this. */
const CLOSE_PATIENCE_MS = 10_000;

/** One client's open WebSocket. */
export class Connection {
  readonly channel: ChannelDefinition;
  readonly auth: Auth | undefined;
  /** Whom its limits count for. */
  readonly holder: string;
  readonly correlationId: string;
  readonly openedAt = performance.now();
  /** Milliseconds since 1970; the token ends then. */
  readonly endsAt: number;
  /** A pong has come since the last ping. */
  isAlive = true;
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #limits: ConnectionLimits;
  readonly #abort = new AbortController();
  #closing = false;
  #closeCode: number | undefined;

  constructor(
    ws: WebSocket,
    socket: Duplex,
    about: Pick<Connection, 'channel' | 'auth' | 'holder' | 'correlationId'> & { readonly limits: ConnectionLimits },
  ) {
    this.#ws = ws;
    this.#socket = socket;
    this.#limits = about.limits;
    this.channel = about.channel;
    this.auth = about.auth;
    this.holder = about.holder;
    this.correlationId = about.correlationId;
    const { exp } = about.auth?.claims ?? {};
    this.endsAt = typeof exp === 'number' ? exp * 1000 : Infinity;
    ws.on('pong', () => (this.isAlive = true));
    ws.on('error', (error) => (this.#closeCode ??= codeOf(error)));
    ws.once('close', () => this.#abort.abort(new Error('The client has gone')));
  }

  get ws(): WebSocket {
    return this.#ws;
  }

  /** The code with which this side has closed it, if it was the first. */
  get closeCode(): number | undefined {
    return this.#closeCode;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isOpen(): boolean {
    return !this.#closing && this.#ws.readyState === this.#ws.OPEN;
  }

  /** Writes a frame as it is. A client that does not keep up is closed with 1013: it comes back and asks for what it missed. */
  write(frame: Buffer): void {
    if (!this.isOpen) return;
    this.#socket.write(frame);
    if (this.#socket.writableLength <= this.#limits.bufferedBytes) return;
    this.#limits.tooSlow();
    this.close(1013, 'too slow');
  }

  /** Pings; a client that has not answered the last one is cut off. */
  beat(): void {
    if (!this.isAlive) {
      this.#ws.terminate();
      return;
    }
    this.isAlive = false;
    if (this.isOpen) this.#ws.ping();
  }

  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#closeCode ??= code;
    this.#ws.close(code, reason);
    setTimeout(() => this.#ws.terminate(), CLOSE_PATIENCE_MS).unref();
  }

  terminate(): void {
    this.#closing = true;
    this.#ws.terminate();
  }
}

/** What `ws` closes with when the client breaks the protocol. */
const codeOf = (error: Error & { readonly code?: string }): number | undefined => {
  if (error.code === 'WS_ERR_INVALID_UTF8') return 1007;
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 1009;
  return error.code?.startsWith('WS_ERR_') ? 1002 : undefined;
};
