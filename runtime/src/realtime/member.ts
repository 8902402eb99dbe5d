/** One client's place in a view: first the whole or what it missed, then every change, none twice and none left out. */
import type { Change, ChangeLog } from './change-log.ts';
import type { Connection } from './connection.ts';
import type { View, Outgoing, ViewMember } from './view.ts';
import type { Subscription } from './watch.ts';

export interface MemberParts {
  readonly connection: Connection;
  readonly subscription: Subscription;
  readonly view: View;
  readonly log: ChangeLog;
  /** The whole as a frame; throws when it does not fit the contract. */
  readonly snapshotFrame: (data: unknown, versions: readonly number[]) => Buffer;
  readonly changeFrame: (change: Change, versions: readonly number[]) => Buffer;
  readonly failed: (error: unknown) => void;
  readonly resynced: (how: 'snapshot' | 'log') => void;
}

/** Changes that may wait while the whole is read; beyond, it is read again. */
const MOST_WAITING = 2_000;
/** Changes that a client that comes back is told one by one; beyond, it is sent the whole. */
const MOST_MISSED = 1_000;
/** How often the whole is read again when it changed meanwhile. */
const READS = 3;

export class Member implements ViewMember {
  readonly #parts: MemberParts;
  /** Changes that came while the client is brought up to date; undefined once it is. */
  #waiting: Outgoing[] | undefined = [];
  #hasOverflowed = false;
  /** What the client has seen, by room: what waited or comes late is not sent again. */
  #seen: number[];

  constructor(parts: MemberParts) {
    this.#parts = parts;
    this.#seen = parts.view.rooms.map(() => -1);
  }

  /** @param missedSince what the client has seen before; undefined: nothing */
  async join(missedSince: readonly number[] | undefined): Promise<void> {
    const { view } = this.#parts;
    view.members.add(this);
    await this.#bringUpToDate(missedSince);
  }

  leave(): void {
    this.#parts.view.members.delete(this);
  }

  take(outgoing: Outgoing): void {
    if (this.#waiting) {
      if (this.#waiting.length < MOST_WAITING) this.#waiting.push(outgoing);
      else this.#hasOverflowed = true;
      return;
    }
    this.#send(outgoing);
  }

  renew(): void {
    if (this.#waiting) {
      // It is being read already, and may be read too early.
      this.#hasOverflowed = true;
      return;
    }
    this.#waiting = [];
    void this.#bringUpToDate(undefined);
  }

  #send({ index, change, frame }: Outgoing): void {
    const { connection, subscription } = this.#parts;
    if (change.version <= (this.#seen[index] ?? -1)) return;
    const delivery = subscription.deliver?.(change) ?? 'send';
    if (delivery === 'snapshot') {
      this.renew();
      return;
    }
    this.#seen[index] = change.version;
    if (delivery === 'send') connection.write(frame());
  }

  async #bringUpToDate(missedSince: readonly number[] | undefined): Promise<void> {
    const { connection, failed, resynced } = this.#parts;
    try {
      let isResumed = missedSince !== undefined && (await this.#tellMissed(missedSince));
      if (isResumed) resynced('log');
      while (connection.isOpen) {
        if (!isResumed) {
          this.#hasOverflowed = false;
          this.#waiting = [];
          if (!(await this.#tellWhole())) return;
          resynced('snapshot');
        }
        if (!this.#hasOverflowed) break;
        isResumed = false;
      }
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      for (const [index, outgoing] of waiting.entries()) {
        // One of them may ask for the whole; what is left then waits again.
        if (this.#waiting as Outgoing[] | undefined) {
          this.#waiting = [...waiting.slice(index), ...((this.#waiting as Outgoing[] | undefined) ?? [])];
          return;
        }
        this.#send(outgoing);
      }
    } catch (error) {
      failed(error);
    }
  }

  /** @returns false when it is not there any more */
  async #tellWhole(): Promise<boolean> {
    const { connection, subscription, view, log, snapshotFrame } = this.#parts;
    const feeds = view.rooms.map(({ feed }) => feed);
    let before = await log.versions(feeds);
    let data = await subscription.snapshot();
    for (let read = 1; read < READS; read += 1) {
      const after = await log.versions(feeds);
      if (after.every((version, index) => version === before[index])) break;
      // It may hold more than its version says: changes would be told again, which does no harm, but the next try may be exact.
      before = after;
      data = await subscription.snapshot();
    }
    if (data === undefined) {
      connection.close(4404, 'not found');
      return false;
    }
    this.#seen = [...before];
    connection.write(snapshotFrame(data, before));
    return true;
  }

  /** Changes since then, one by one. @returns false where the log does not have them all */
  async #tellMissed(since: readonly number[]): Promise<boolean> {
    const { connection, subscription, view, log, changeFrame } = this.#parts;
    const missed: Change[][] = [];
    for (const [index, { feed }] of view.rooms.entries()) {
      const version = since[index] ?? 0;
      const changes = await log.after(feed, version, MOST_MISSED + 1);
      const isWhole =
        changes.length === 0 ? (await log.versions([feed]))[0] === version : changes[0]?.previous === version;
      if (!isWhole || changes.length > MOST_MISSED) return false;
      missed.push([...changes]);
    }
    const verdicts = missed.map((changes) => changes.map((change) => subscription.deliver?.(change) ?? 'send'));
    if (verdicts.some((all) => all.includes('snapshot'))) return false;
    const seen = [...since];
    for (const [index, changes] of missed.entries()) {
      for (const [place, change] of changes.entries()) {
        seen[index] = change.version;
        if (verdicts[index]?.[place] === 'send') connection.write(changeFrame(change, seen));
      }
    }
    this.#seen = seen;
    return true;
  }
}
