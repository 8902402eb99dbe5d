import type { Database } from '../persistence/database.ts';
import { isGone, newOwner } from '../persistence/process-owner.ts';
import { jobTurns } from '../persistence/runtime-tables.ts';
import type { Clock, Job } from './service-definition.ts';

/** One run of a job, by this process alone. */
export interface JobTurn {
  /** Aborted when the turn was lost: the database could not be reached for so long that another process may have begun. */
  readonly lost: AbortSignal;
  /** Over, whether it failed or not: the next is due `everyMs` from now, for whichever process is first. */
  end(): Promise<void>;
}

/** Whose turn it is to run a job, among the processes of a service. */
export interface JobTurns {
  /** The turn, or after how many milliseconds to ask again. */
  take(job: Pick<Job, 'name' | 'everyMs'>): Promise<JobTurn | number>;
}

export interface JobTurnOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** How long a process that has gone silent keeps its turn; 30 s. */
  readonly leaseMs?: number;
}

/** Keeps the turns in the service's database: a lease per job, renewed while the job runs. */
export const openJobTurns = ({ database, clock, leaseMs = 30_000 }: JobTurnOptions): JobTurns => {
  const owner = newOwner();
  const known = new Set<string>();
  const now = (): number => clock.now().getTime();
  const at = (ms: number): Date => new Date(ms);

  const introduce = async (name: string): Promise<void> => {
    if (known.has(name)) return;
    try {
      if (!(await jobTurns.first(database, { name }))) {
        await database.transaction((tx) => jobTurns.insert(tx, { name, dueAt: at(now()) }));
      }
    } catch (error) {
      // Another process was faster.
      if (!database.dialect.isUniqueViolation(error)) throw error;
    }
    known.add(name);
  };

  /** Milliseconds until the job may be taken; 0 for now. Times too far ahead were written before a clock was put back. */
  const waitFor = (row: Turn, everyMs: number): number => {
    const held = (row.ownedUntil?.getTime() ?? 0) - now();
    const isFree =
      row.owner === undefined || row.owner === owner || held <= 0 || held > 2 * leaseMs || isGone(row.owner);
    if (!isFree) return everyMs;
    const due = row.dueAt.getTime() - now();
    return due <= 0 || due > everyMs ? 0 : due;
  };

  const begin = (name: string, everyMs: number): JobTurn => {
    const lost = new AbortController();
    const renew = async (): Promise<void> => {
      try {
        const kept = await database.transaction((tx) =>
          jobTurns.update(tx, { name, owner }, { ownedUntil: at(now() + leaseMs) }),
        );
        if (kept > 0) until = now() + leaseMs;
        else lost.abort();
      } catch {
        if (now() >= until) lost.abort(); // until then it may be better the next time
      }
    };
    let until = now() + leaseMs;
    const renewing = setInterval(() => void renew(), leaseMs / 3);
    renewing.unref();
    return {
      lost: lost.signal,
      async end() {
        clearInterval(renewing);
        await database.transaction((tx) =>
          jobTurns.update(tx, { name, owner }, { owner: null, ownedUntil: null, dueAt: at(now() + everyMs) }),
        );
      },
    };
  };

  return {
    async take({ name, everyMs }) {
      await introduce(name);
      // Most looks find nothing to do, and need not write.
      const seen = await jobTurns.first(database, { name });
      const wait = seen ? waitFor(seen, everyMs) : 0;
      if (wait > 0) return wait;
      const later = await database.transaction(async (tx) => {
        const row = await jobTurns.first(tx, { name }, { forUpdate: true });
        const still = row ? waitFor(row, everyMs) : everyMs;
        if (still === 0) await jobTurns.update(tx, { name }, { owner, ownedUntil: at(now() + leaseMs) });
        return still;
      });
      return later > 0 ? later : begin(name, everyMs);
    },
  };
};

interface Turn {
  readonly dueAt: Date;
  readonly owner?: string;
  readonly ownedUntil?: Date;
}
