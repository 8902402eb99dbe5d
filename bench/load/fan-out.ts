/**
 * One change to 5,000 WebSocket clients through a service's live channel, over bare `ws` that sends the same text to as many clients:
 * see `runtime/bench/live-fan-out.ts`. Servers are one process, the clients of each another one. What `ulimit -n` allows too few files
 * for is measured with fewer clients, and says so.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Figure } from '../figure.ts';
import { atLeast, noted, type LoadOptions } from './figures.ts';
import { rounded } from './statistics.ts';

const run_ = promisify(execFile);
const CLIENTS = 5_000;
const ASKED = 0.8;
/** Files of the process with both servers, besides one per client of each. */
const OTHER_FILES = 1_000;
const needed = (clients: number): number => 2 * clients + OTHER_FILES;

/** The most that this process may allow its children. */
const hardLimit = async (): Promise<number> => {
  if (process.platform === 'win32') return Infinity;
  const { stdout } = await run_('sh', ['-c', 'ulimit -Hn']);
  return stdout.trim() === 'unlimited' ? Infinity : Number(stdout);
};

interface Measured {
  readonly ratio: number;
  readonly live: number;
  readonly bare: number;
}

const measure = async (clients: number, { quick }: LoadOptions): Promise<Measured> => {
  const bench = new URL('../../runtime/bench/live-fan-out.ts', import.meta.url).pathname;
  const flags = ['--conditions=parkwise-source', '--disable-warning=ExperimentalWarning'];
  const numbers = quick ? ['--rounds', '2', '--changes', '5'] : ['--rounds', '5', '--changes', '20'];
  // Node raises its own limit to the hard one when it starts: nothing else is to be done for it.
  const { stdout } = await run_(process.execPath, [
    ...flags,
    bench,
    '--clients',
    String(clients),
    ...numbers,
    '--json',
  ]);
  return JSON.parse(stdout) as Measured;
};

export const run = async (options: LoadOptions): Promise<Figure[]> => {
  const limit = await hardLimit();
  const wanted = options.quick ? CLIENTS / 10 : CLIENTS;
  const clients = Math.max(1, Math.min(wanted, Math.floor((limit - OTHER_FILES) / 2)));
  const fewer =
    clients < wanted
      ? `; ulimit -n is ${limit} at most, ${CLIENTS} clients need ${needed(CLIENTS)}`
      : `; needs ulimit -n ${needed(clients)}`;
  const { ratio, live, bare } = await measure(clients, options);
  const name = `WebSocket fan-out to ${clients} clients`;
  return [
    atLeast(`${name}, to bare ws${fewer}`, rounded(ratio), { value: ASKED, says: '>= 0.8' }),
    noted(`${name}`, Math.round(live), 'messages/s'),
    noted(`${name}, bare ws`, Math.round(bare), 'messages/s'),
  ];
};
