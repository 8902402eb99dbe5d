import type { Clock } from '../process/service-definition.ts';
import type { Commit } from '../http/operation.ts';
import type { Cause, Database } from '../persistence/database.ts';
import { inbox } from '../persistence/runtime-tables.ts';
import type { Tx } from '../persistence/tx.ts';
import type { SharedCommits } from './shared-commits.ts';

export interface InboxEntry {
  readonly consumer: string;
  readonly eventId: string;
}

export interface MessageUnit {
  /** For the handler: the inbox row is the first statement of its transaction. */
  readonly commit: Commit;
  /** Whether `commit` found that the message had been handled before. */
  isDuplicate(): boolean;
  /** After the handler: writes the row by itself if the handler has committed nothing. @returns false for a duplicate. */
  finish(): Promise<boolean>;
}

/** Thrown out of `commit` when the message turns out to be handled already; never reaches anybody but the consumer. */
export class AlreadyHandledError extends Error {
  override readonly name = 'AlreadyHandledError';
}

export interface MessageUnitOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly cause: Cause;
  /** Absent: duplicates are not looked for. */
  readonly entry: InboxEntry | undefined;
  /** Runs in the same transaction, after the handler's work. */
  readonly also?: (tx: Tx) => Promise<void>;
  /** Where a transaction can be shared with other messages. Absent: it has one of its own. */
  readonly shared?: SharedCommits<InboxEntry> | undefined;
}

/** Writes that the messages have been handled. */
export const enterInbox =
  (clock: Clock) =>
  (tx: Tx, entries: readonly InboxEntry[]): Promise<void> => {
    const handledAt = clock.now();
    return inbox.insert(
      tx,
      entries.map((entry) => ({ ...entry, handledAt })),
    );
  };

/** The one transaction in which a message is handled. */
export function messageUnit({ database, clock, cause, entry, also, shared }: MessageUnitOptions): MessageUnit {
  let committed: Promise<unknown> | undefined;
  let duplicate = false;

  const enter = async (tx: Tx): Promise<void> => {
    if (!entry) return;
    try {
      await enterInbox(clock)(tx, [entry]);
    } catch (error) {
      if (!database.dialect.isUniqueViolation(error)) throw error;
      duplicate = true;
      throw new AlreadyHandledError(`${entry.eventId} was handled before`);
    }
  };

  const alone = <R>(work: (tx: Tx) => Promise<R>): Promise<R> =>
    database.transaction(
      async (tx) => {
        await enter(tx);
        const result = await work(tx);
        await also?.(tx);
        return result;
      },
      { cause },
    );

  const transaction = <R>(work: (tx: Tx) => Promise<R>): Promise<R> =>
    shared ? shared.commit({ cause, work, alone: () => alone(work) }, entry) : alone(work);

  return {
    commit(work) {
      if (committed)
        return Promise.reject(new Error('commit can be called once per message: put all changes into one'));
      const result = transaction(work);
      committed = result;
      // finish() looks at it, also when the handler does not.
      result.catch(() => undefined); // as said above
      return result;
    },
    isDuplicate: () => duplicate,
    async finish() {
      try {
        // A commit that the handler did not await, or whose failure it kept to itself, must not pass for success.
        await (committed ?? transaction(async () => undefined));
        return true;
      } catch (error) {
        if (error instanceof AlreadyHandledError) return false;
        throw error;
      }
    },
  };
}

/** Whether the consumer has handled the message; spares a duplicate the handler's calls to others. */
export async function isHandled(database: Database, entry: InboxEntry): Promise<boolean> {
  return (await inbox.first(database, { ...entry })) !== undefined;
}
