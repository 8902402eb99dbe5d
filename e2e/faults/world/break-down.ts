/** The same misfortune on either stack. */
import type { FaultRun } from '../frame/fault.ts';
import { lockFile } from './locked-file.ts';
import type { World } from './open-world.ts';

export type Repair = () => Promise<void>;

/**
 * Nothing can be sent or acknowledged any more. External: Kafka is killed. Embedded: somebody holds the lock of the log's file, which is
 * the way in which a file that several processes share can fail them.
 */
export const breakBroker = async (run: FaultRun, { servers, stores }: World): Promise<Repair> => {
  if (run.stack === 'embedded') {
    const lock = await lockFile(stores.eventsUrl);
    return async () => lock.release();
  }
  await servers.own().kill('kafka');
  return async () => void (await servers.own().start('kafka'));
};

/**
 * The database takes connections and statements and answers none. External: MariaDB is stopped by SIGSTOP. Embedded: somebody holds the
 * lock of the service's file; reading goes on there.
 */
export const hangDatabase = async (run: FaultRun, { servers, stores }: World): Promise<Repair> => {
  if (run.stack === 'embedded') {
    const lock = await lockFile(stores.databaseUrl('booking'));
    return async () => lock.release();
  }
  servers.own().pause('mariadb');
  return async () => servers.own().resume('mariadb');
};
