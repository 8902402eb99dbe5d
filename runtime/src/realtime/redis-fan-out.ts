/** Fan-out over Redis pub/sub: one channel per namespace and service. */
import { readFileSync } from 'node:fs';
import { createClient } from '@redis/client';
import type { Log } from '../process/service-definition.ts';
import type { Change } from './change-log.ts';
import type { FanOut, FanOutListener } from './fan-out.ts';

export interface RedisFanOutOptions {
  /** `redis://[:password@]host:6379[/0]`, or `rediss://…?tlsCa=/ca.pem`. */
  readonly url: string;
  readonly namespace: string;
  readonly service: string;
  readonly log: Log;
}

/** A server that hangs without closing its connections is found out after this time. */
const SILENCE_MS = 4_000;
const PING_MS = 1_000;
/** Sent in place of changes that could not be carried: whoever hears it looks into the log. */
const DOUBT = 'doubt';
/** At the start, how long a server that is slow to answer is waited for; without it the service starts all the same. */
const FIRST_CONNECTION_MS = 2_000;

export const openRedisFanOut = async ({ url, namespace, service, log }: RedisFanOutOptions): Promise<FanOut> => {
  const topic = ['parkwise', ...(namespace === '' ? [] : [namespace]), service, 'live'].join(':');
  const subscriber = createClient(clientOptions(url));
  const publisher = createClient(clientOptions(url));
  let listener: FanOutListener | undefined;
  let connected = false;
  let closing = false;
  /** Others have not heard of some change. */
  let owes = false;

  const hear = (text: string): void => {
    try {
      if (text === DOUBT) listener?.doubt();
      else listener?.change(JSON.parse(text) as Change);
    } catch (error) {
      log.warn({ err: error }, 'what came over the live channel is no change');
    }
  };
  const state = (isConnected: boolean): void => {
    if (connected === isConnected || closing) return;
    connected = isConnected;
    if (connected) {
      log.info({}, 'live updates of other instances arrive');
      listener?.back();
    } else {
      log.warn({}, 'live updates of other instances do not arrive');
      listener?.lost();
    }
  };
  // An error is an attempt that failed; it is tried again. Its text may hold the URL, so only its kind is told.
  const failed = (error: Error & { readonly code?: string }): void => {
    log.debug({ reason: error.code ?? error.name }, 'Redis cannot be reached');
    state(false);
  };
  subscriber.on('error', failed);
  subscriber.on('reconnecting', () => state(false));
  publisher.on('error', (error: Error & { readonly code?: string }) =>
    log.debug({ reason: error.code ?? error.name }, 'Redis cannot be reached'),
  );
  const carry = (text: string): void => {
    publisher.publish(topic, text).catch((error: Error & { readonly code?: string }) => {
      owes = true;
      log.debug({ reason: error.code ?? error.name }, 'a live change was not carried to other instances');
    });
  };
  publisher.on('ready', () => {
    if (!owes) return;
    owes = false;
    carry(DOUBT);
  });

  const start = async (): Promise<void> => {
    await Promise.all([subscriber.connect(), publisher.connect()]);
    await subscriber.subscribe(topic, hear);
    // After a reconnect the subscription stands again before this comes.
    subscriber.on('ready', () => state(true));
    state(true);
  };
  const started = start().catch((error: unknown) => {
    if (!closing) failed(error as Error);
  });
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([started, new Promise((resolve) => (timer = setTimeout(resolve, FIRST_CONNECTION_MS)))]);
  clearTimeout(timer);

  return {
    listen(to) {
      listener = to;
      if (!connected) to.lost();
    },
    announce(change) {
      listener?.change(change);
      carry(JSON.stringify(change));
    },
    async close() {
      closing = true;
      subscriber.destroy();
      publisher.destroy();
    },
  };
};

const clientOptions = (text: string) => {
  const url = new URL(text);
  const ca = url.searchParams.get('tlsCa');
  url.search = '';
  const socket = {
    connectTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    // Soon at first, then twice a second, each at a moment of its own.
    reconnectStrategy: (attempts: number) => Math.min(50 * 2 ** attempts, 500) + Math.random() * 50,
  };
  return {
    url: url.href,
    socket: ca === null ? socket : { ...socket, tls: true as const, ca: readFileSync(ca) },
    pingInterval: PING_MS,
    // What cannot be sent now is in the log; a queue would only grow.
    disableOfflineQueue: true,
  };
};
