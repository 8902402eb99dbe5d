import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { connect as connectBooking } from '../../services/booking/src/generated/testing.ts';
import type { Fault, FaultRun } from './frame/fault.ts';
import { percentile } from './load/percentile.ts';
import { openWorld, somebody, type World } from './world/open-world.ts';

const MEGABYTE = 1024 * 1024;
const LIMIT_MS = { reduced: 2_000, full: 10_000 };
/** Looking for late connections once a second, and 1,000 answers on a busy machine. */
const EXTRA_MS = 8_000;

/** Whoever sends slowly, or far too much, is told so and costs the others nothing. */
export const fault: Fault = {
  name: 'slow-clients',
  summary:
    '1,000 sockets that drip, a 50 MB gzip bomb, a body 100 KB over the limit: 408, 413, 413, and the others are answered',
  seconds: { reduced: 120, full: 120 },
  saboteurs: {
    'no-limits': {
      breaks: 'bodies have no limit of size or time',
      env: { PARKWISE_BODY_LIMIT: '1000000000', PARKWISE_BODY_TIMEOUT: 'PT1H', PARKWISE_HEAD_TIMEOUT: 'PT1H' },
    },
  },
  async run(run) {
    const sockets = run.full ? 1_000 : 200;
    const limitMs = run.full ? LIMIT_MS.full : LIMIT_MS.reduced;
    const limit = `PT${limitMs / 1000}S`;
    await using world = await openWorld(run, {
      services: { 'parking-lot': 1, booking: 1 },
      envOf: { booking: { PARKWISE_HEAD_TIMEOUT: limit, PARKWISE_BODY_TIMEOUT: limit } },
    });
    const token = world.token(somebody('driver'));
    const booking = connectBooking({ url: world.service('booking').url, token });
    const times: number[] = [];
    let failed = 0;
    const dripped = new AbortController();
    const others = (async () => {
      while (!dripped.signal.aborted) {
        const startedAt = performance.now();
        const { status } = await booking.listMyBookings({});
        if (status !== 200) failed += 1;
        times.push(performance.now() - startedAt);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const authorization = `Bearer ${await token()}`;
    const answers = await dripAll(world, { sockets, authorization, giveUpMs: limitMs * 2 + EXTRA_MS });
    const bodies = await hugeBodies(world, authorization);
    dripped.abort();
    await others;

    run.note(`others: ${times.length} requests, 99 of 100 within ${percentile(times, 0.99).toFixed(0)} ms`);
    const timedOut = answers.filter((answer) => answer === '408').length;
    run.expect(`${sockets} dripping sockets get 408 (${JSON.stringify(countOf(answers))})`, timedOut === sockets);
    judgeBodies(run, bodies);
    run.expect(`the others were answered (${failed} were not)`, failed === 0 && percentile(times, 0.99) < 2_000);
    run.need('there were others meanwhile', times.length > 20);
    return { tried: `${sockets} dripping sockets, a gzip bomb of 50 MB, a body of 1 MiB and 100 KB`, lost: failed };
  },
};

const countOf = (words: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, list]) => [word, list.length]));

interface Dripping {
  readonly sockets: number;
  readonly authorization: string;
  readonly giveUpMs: number;
}

/** Half of them never finish their head, half never finish their body. @returns the status each was answered with */
const dripAll = (world: World, { sockets, authorization, giveUpMs }: Dripping): Promise<readonly string[]> => {
  const port = Number(new URL(world.service('booking').url).port);
  const head = `POST /v1/bookings HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${authorization}\r\n`;
  const whole = `${head}Content-Type: application/json\r\nIdempotency-Key: drip\r\nContent-Length: 1000\r\n\r\n{`;
  return Promise.all(
    Array.from({ length: sockets }, (_, index) => drip(port, index % 2 === 0 ? head : whole, giveUpMs)),
  );
};

const drip = (port: number, start: string, giveUpMs: number): Promise<string> =>
  new Promise((resolve) => {
    const socket: Socket = connect({ host: '127.0.0.1', port });
    let received = '';
    let timer: NodeJS.Timeout | undefined;
    const end = (answer: string): void => {
      clearInterval(timer);
      clearTimeout(patience);
      socket.destroy();
      resolve(answer);
    };
    const patience = setTimeout(() => end('nothing'), giveUpMs);
    socket.once('connect', () => {
      socket.write(start);
      // Not before: of a thousand at once some wait for their connection, and what they wrote would come before its head.
      timer = setInterval(() => socket.write('x'), 400);
    });
    socket.on('data', (data) => {
      received += data.toString('latin1');
      const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1];
      if (status !== undefined) end(status);
    });
    socket.once('error', (error) => end(error.message));
    socket.once('close', () => end('closed'));
  });

interface Bodies {
  readonly bomb: number;
  readonly bombMs: number;
  readonly over: number;
}

const hugeBodies = async (world: World, authorization: string): Promise<Bodies> => {
  const post = async (body: Uint8Array<ArrayBuffer>, headers: Record<string, string>): Promise<number> => {
    const response = await fetch(`${world.service('booking').url}/v1/bookings`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': 'huge', ...headers },
      body,
    });
    await response.arrayBuffer();
    return response.status;
  };
  const startedAt = performance.now();
  const bomb = await post(new Uint8Array(gzipSync(Buffer.alloc(50 * MEGABYTE, ' '))), { 'content-encoding': 'gzip' });
  const bombMs = performance.now() - startedAt;
  const over = await post(new Uint8Array(MEGABYTE + 100_000).fill(32), {});
  return { bomb, bombMs, over };
};

const judgeBodies = (run: FaultRun, { bomb, bombMs, over }: Bodies): void => {
  run.expect(`a gzip bomb of 50 MB gets 413 (${bomb} after ${bombMs.toFixed(0)} ms)`, bomb === 413 && bombMs < 5_000);
  run.expect(`100 KB over the limit gets 413 (${over})`, over === 413);
};
