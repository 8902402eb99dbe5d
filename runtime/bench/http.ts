/**
 * What the runtime costs a request, against bare node:http doing the same work unchecked and against fastify with schemas. The peers
 * take turns in every round, so that whatever else the machine does falls on all of them; ratios are taken per round.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: string;
  readonly holds: boolean;
}

const ROUNDS = 9;
const REQUESTS = 6_000;
const WARM_UP = 12_000;
const peers = ['bare', 'fastify', 'parkwise', 'secured'] as const;
type Peer = (typeof peers)[number];

const start = (file: string, ...args: string[]): ChildProcess =>
  fork(new URL(`./http/${file}`, import.meta.url), args, {
    execArgv: ['--conditions=parkwise-source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const measure = async (rounds: number): Promise<Record<Peer, number>[]> => {
  const processes: ChildProcess[] = [];
  try {
    const servers = {} as Record<Peer, object>;
    for (const peer of peers) {
      const server = start('server.ts', peer);
      processes.push(server);
      servers[peer] = ((await once(server, 'message')) as [object])[0];
    }
    const client = start('load.ts');
    processes.push(client);
    const rate = async (peer: Peer, requests: number): Promise<number> => {
      client.send({ ...servers[peer], requests });
      const [{ seconds, error }] = (await once(client, 'message')) as [{ seconds: number; error?: string }];
      if (error !== undefined) throw new Error(`${peer}: ${error}`);
      return requests / seconds;
    };
    for (const peer of peers) await rate(peer, WARM_UP);
    const measured: Record<Peer, number>[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const rates = {} as Record<Peer, number>;
      for (const index of peers.keys()) {
        // Nobody always comes first.
        const peer = peers[(index + round) % peers.length] ?? 'bare';
        rates[peer] = await rate(peer, REQUESTS);
      }
      measured.push(rates);
    }
    return measured;
  } finally {
    for (const process of processes) process.kill();
  }
};

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Runs the whole bench; about a minute. */
export const run = async (rounds = ROUNDS): Promise<Figure[]> => {
  const measured = await measure(rounds);
  const ratio = (peer: Peer, to: Peer): number => round(median(measured.map((rates) => rates[peer] / rates[to])));
  const rateOf = (peer: Peer): Figure => ({
    name: `http ${peer}, requests per second`,
    value: Math.round(median(measured.map((rates) => rates[peer]))),
    unit: '1/s',
    goal: 'for comparison',
    holds: true,
  });
  const toBare = ratio('parkwise', 'bare');
  const toFastify = ratio('parkwise', 'fastify');
  const secured = ratio('secured', 'bare');
  const isFastEnough = toBare >= 0.55 || toFastify >= 0.8;
  return [
    {
      name: 'http, checked both ways, to bare node:http',
      value: toBare,
      unit: 'ratio',
      goal: '>= 0.55, or 0.8 of fastify',
      holds: isFastEnough,
    },
    {
      name: 'http, checked both ways, to fastify with schemas',
      value: toFastify,
      unit: 'ratio',
      goal: '>= 0.8, or 0.55 of bare',
      holds: isFastEnough,
    },
    {
      name: 'http with token, metrics and log, to bare node:http',
      value: secured,
      unit: 'ratio',
      goal: '>= 0.42',
      holds: secured >= 0.42,
    },
    ...peers.map(rateOf),
  ];
};

if (import.meta.main) console.table(await run(Number(process.argv[2] ?? ROUNDS)));
