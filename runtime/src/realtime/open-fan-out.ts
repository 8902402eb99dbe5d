import { resolve } from 'node:path';
import type { Log } from '../process/service-definition.ts';
import type { FanOut } from './fan-out.ts';
import { memoryFanOut } from './memory-fan-out.ts';

export interface FanOutSettings {
  /** '': within the process, and between the processes of one SQLite file. */
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly namespace: string;
  readonly service: string;
  readonly log: Log;
}

/** Opens what carries changes between the instances of a service. */
export const openFanOut = async ({ redisUrl, databaseUrl, ...rest }: FanOutSettings): Promise<FanOut> => {
  if (redisUrl !== '') {
    const { openRedisFanOut } = await import('./redis-fan-out.ts');
    return openRedisFanOut({ url: redisUrl, ...rest });
  }
  const file = /^sqlite:(?!:memory:)(?:\/\/)?(.+)$/.exec(databaseUrl)?.[1];
  return memoryFanOut(file === undefined ? undefined : resolve(file));
};
