import type { Database } from '../persistence/database.ts';
import type { Clock } from '../process/service-definition.ts';
import type { IncomingRecord } from './event-bus.ts';
import { KeyOrder } from './key-order.ts';
import { enterInbox, type InboxEntry } from './message-commit.ts';
import { SharedCommits } from './shared-commits.ts';

/** What messages of one partition have to do with each other. */
export interface Lane {
  readonly keys: KeyOrder;
  readonly commits: SharedCommits<InboxEntry>;
}

/** A lane for each partition, as long as it is held: one that was lost and comes back does not wait for what may hang from before. */
export class Lanes {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #lanes = new WeakMap<AbortSignal, Map<string, Lane>>();

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** @param signal of whoever hands over the records of the partition */
  of({ topic, partition }: IncomingRecord, signal: AbortSignal): Lane {
    const lanes = this.#lanes.get(signal) ?? new Map<string, Lane>();
    this.#lanes.set(signal, lanes);
    const name = `${topic}/${partition}`;
    const lane = lanes.get(name) ?? {
      keys: new KeyOrder(),
      commits: new SharedCommits(this.#database, enterInbox(this.#clock)),
    };
    lanes.set(name, lane);
    return lane;
  }
}
