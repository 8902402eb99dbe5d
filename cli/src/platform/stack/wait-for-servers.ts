import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../application/user-error.ts';
import type { PrepareOptions } from './stack.ts';

/** A server that is waited for. */
export interface AwaitedServer {
  readonly name: string;
  /** Where its URL is set. */
  readonly setting: string;
  readonly url: string;
  readonly defaultPort: number;
}

const PROBE_MS = 2_000;
const PAUSE_MS = 250;
const SAY_AGAIN_MS = 5_000;

/** `host:port` of each server that the URL names. */
export const addressesOf = ({ url, defaultPort }: Pick<AwaitedServer, 'url' | 'defaultPort'>): readonly string[] => {
  const [, hosts = ''] = /^[a-z]+:\/\/(?:[^\s]*@)?([^/?#]*)/.exec(url) ?? [];
  return hosts.split(',').map((host) => (/:\d+$/.test(host) ? host : `${host}:${defaultPort}`));
};

/**
 * Resolves once every server accepts connections (of a list of brokers: one of them); says what it waits for meanwhile.
 *
 * @throws UserError (exit code 1) when one cannot be reached in time
 */
export const waitForServers = async (
  servers: readonly AwaitedServer[],
  { progress, signal, waitMs }: PrepareOptions & { readonly waitMs: number },
): Promise<void> => {
  const begun = performance.now();
  await Promise.all(
    servers.map(async (server) => {
      const addresses = addressesOf(server);
      let saidAt = Number.NEGATIVE_INFINITY;
      for (let at = 0; ; at += 1) {
        const reason = await probe(addresses[at % addresses.length] ?? '');
        if (reason === undefined) return;
        signal.throwIfAborted();
        const now = performance.now();
        if (now - begun >= waitMs) throw unreachable(server, addresses, reason);
        if (now - saidAt >= SAY_AGAIN_MS) {
          saidAt = now;
          progress(`waiting for ${server.name} at ${addresses.join(', ')} (${reason})`);
        }
        await sleep(PAUSE_MS, undefined, { signal });
      }
    }),
  );
};

const unreachable = (server: AwaitedServer, addresses: readonly string[], reason: string): UserError =>
  new UserError({
    code: 'unreachable',
    message: `${server.name} cannot be reached at ${addresses.join(', ')} (${reason})`,
    nextSteps: [`Start it, or mend ${server.setting}.`, 'How long to wait: PARKWISE_WAIT=PT2M.'],
    exitCode: 1,
  });

/** Why the address accepts no connection; undefined if it does. */
const probe = (address: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const colon = address.lastIndexOf(':');
    const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
    const socket = connect({ host, port: Number(address.slice(colon + 1)) });
    const done = (reason?: string): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.setTimeout(PROBE_MS, () => done('no answer'));
    socket.once('connect', () => done());
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
  });
