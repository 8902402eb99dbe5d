import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether somebody is in the middle of writing to the file. */
export const isLocked = (url: string): boolean => {
  const database = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 0 });
  try {
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch (error) {
    if (error instanceof Error && /locked|busy/.test(error.message)) return true;
    throw error;
  } finally {
    database.close();
  }
};

/** Keeps everybody else from writing to a SQLite file, as a process does that hangs in the middle of its transaction. */
export const lockFile = async (url: string): Promise<{ release(): void }> => {
  const database = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 0 });
  for (let tries = 0; ; tries += 1) {
    try {
      database.exec('BEGIN IMMEDIATE');
      break;
    } catch (error) {
      if (tries > 5_000) throw error;
      await sleep(1);
    }
  }
  return {
    release() {
      database.exec('ROLLBACK');
      database.close();
    },
  };
};
