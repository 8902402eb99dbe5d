import type { StackName } from '../frame/fault.ts';
import { sharedServer, type ServerName, type Servers } from './servers.ts';

export interface ServerWishes {
  /** Servers that the fault hurts: they are of its own, others go on. */
  readonly own?: readonly ServerName[];
  /** Servers that services reach through a proxy that delays, cuts and stops. */
  readonly proxied?: readonly ServerName[];
}

/** Servers of the external stack, for as long as a run takes. */
export interface OwnServers extends AsyncDisposable {
  /** Undefined on the embedded stack. */
  readonly urls: Servers | undefined;
}

export const openServers = async (stack: StackName, _wishes: ServerWishes): Promise<OwnServers> => {
  if (stack === 'embedded') return { urls: undefined, [Symbol.asyncDispose]: async () => undefined };
  const [mariadb, kafka, redis] = await Promise.all((['mariadb', 'kafka', 'redis'] as const).map(sharedServer));
  const same = (url = '') => ({ told: url, beside: url });
  return {
    urls: { mariadb: same(mariadb), kafka: same(kafka), redis: same(redis) },
    [Symbol.asyncDispose]: async () => undefined,
  };
};
