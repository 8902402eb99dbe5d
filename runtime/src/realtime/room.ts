/** One feed on this instance: hands on its changes in order, each once, whatever the fan-out does to them. */
import type { Change, ChangeLog } from './change-log.ts';

export interface RoomListener {
  changed(room: Room, change: Change): void;
  /** Changes are missing that the log no longer has: `room.version` is where it goes on. */
  broken(room: Room): void;
}

const BATCH = 500;

export class Room {
  readonly feed: string;
  readonly listeners = new Set<RoomListener>();
  /** Of the last change that was handed on. */
  version = 0;
  /** Resolves once the version is known. */
  readonly opened: Promise<void>;
  readonly #log: ChangeLog;
  #isOpen = false;
  /** The highest version that was heard of. */
  #heard = 0;
  #filling: Promise<void> | undefined;

  constructor(feed: string, log: ChangeLog) {
    this.feed = feed;
    this.#log = log;
    this.opened = this.#open();
  }

  async #open(): Promise<void> {
    const [version = 0] = await this.#log.versions([this.feed]);
    this.version = version;
    this.#isOpen = true;
  }

  /** @returns a promise only where the log has to be asked for what is missing */
  hear(change: Change): Promise<void> | undefined {
    if (this.#isOpen && !this.#filling && change.previous === this.version) {
      this.#hand(change);
      return undefined;
    }
    return this.reach(change.version);
  }

  /** Hands on all there is up to a version that is known to have been committed. */
  reach(version: number): Promise<void> | undefined {
    this.#heard = Math.max(this.#heard, version);
    if (this.#heard <= this.version) return undefined;
    return (this.#filling ??= this.#fill().finally(() => (this.#filling = undefined)));
  }

  async #fill(): Promise<void> {
    await this.opened;
    while (this.version < this.#heard) {
      const changes = await this.#log.after(this.feed, this.version, BATCH);
      const [first] = changes;
      if (first?.previous === this.version) {
        for (const change of changes) this.#hand(change);
        continue;
      }
      // What comes next is not kept any more, or was never there: the database was made anew.
      const [version = 0] = await this.#log.versions([this.feed]);
      this.version = version;
      this.#heard = version;
      for (const listener of this.listeners) listener.broken(this);
    }
  }

  #hand(change: Change): void {
    this.version = change.version;
    for (const listener of this.listeners) listener.changed(this, change);
  }
}
