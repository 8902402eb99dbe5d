/** All rooms, views and members of one instance, between the fan-out, the log and the connections. */
import type { Log } from '../process/service-definition.ts';
import type { Change, ChangeLog } from './change-log.ts';
import type { FanOut, FanOutListener } from './fan-out.ts';
import { Room } from './room.ts';
import { View } from './view.ts';

export interface HubOptions {
  readonly log: Log;
  readonly changes: ChangeLog;
  readonly fanOut: FanOut;
  /** How often all rooms are compared with the log, in case a change was lost on its way. */
  readonly checkMs: number;
  /** Told when changes of other instances may come late, and when they come in time again. */
  readonly onState: (state: LiveState) => void;
}

export type LiveState = 'current' | 'delayed';

/** A view that a member holds; without members it goes, and its rooms with it. */
export interface HeldView {
  readonly view: View;
  release(): void;
}

export class Hub implements FanOutListener {
  readonly #options: HubOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #views = new Map<string, { readonly view: View; holders: number }>();
  readonly #troubles = new Set<'fan-out' | 'log'>();
  readonly #timer: NodeJS.Timeout;
  #checking: Promise<boolean> | undefined;
  #nextCheck: Promise<boolean> | undefined;
  #isClosed = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.check(), options.checkMs);
    this.#timer.unref();
    options.fanOut.listen(this);
  }

  get state(): LiveState {
    return this.#troubles.size === 0 ? 'current' : 'delayed';
  }

  get rooms(): number {
    return this.#rooms.size;
  }

  /** @param key the same for all members to whom a change is the same frame */
  async hold(key: string, feeds: readonly string[], frameOf: ConstructorParameters<typeof View>[1]): Promise<HeldView> {
    let known = this.#views.get(key);
    if (!known) {
      known = {
        view: new View(
          feeds.map((feed) => this.#room(feed)),
          frameOf,
        ),
        holders: 0,
      };
      this.#views.set(key, known);
    }
    const held = known;
    held.holders += 1;
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      held.holders -= 1;
      if (held.holders > 0) return;
      this.#views.delete(key);
      held.view.leave();
      for (const room of held.view.rooms) if (room.listeners.size === 0) this.#rooms.delete(room.feed);
    };
    try {
      await Promise.all(held.view.rooms.map((room) => room.opened));
    } catch (error) {
      release();
      throw error;
    }
    return { view: held.view, release };
  }

  change(change: Change): void {
    const reaching = this.#rooms.get(change.feed)?.hear(change);
    // The log could not be read: the next check tries again.
    reaching?.catch((error: unknown) => this.#logFailed(error));
  }

  doubt(): void {
    void this.check();
  }

  lost(): void {
    this.#trouble('fan-out', true);
  }

  back(): void {
    void this.#comeBack();
  }

  /** Compares all rooms with the log and hands on what did not arrive. @returns whether the log could be read */
  check(): Promise<boolean> {
    if (!this.#checking) return (this.#checking = this.#checkNow().finally(() => (this.#checking = undefined)));
    // The one under way may have read already: one more after it serves all who ask meanwhile.
    return (this.#nextCheck ??= this.#checking.then(() => {
      this.#nextCheck = undefined;
      return this.check();
    }));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#options.fanOut.close();
  }

  #room(feed: string): Room {
    let room = this.#rooms.get(feed);
    if (!room) {
      room = new Room(feed, this.#options.changes);
      this.#rooms.set(feed, room);
      room.opened.catch(() => this.#rooms.delete(feed)); // whoever holds it hears of it
    }
    return room;
  }

  async #checkNow(): Promise<boolean> {
    if (this.#isClosed) return false;
    const rooms = [...this.#rooms.values()];
    try {
      if (rooms.length > 0) {
        const versions = await this.#options.changes.versions(rooms.map(({ feed }) => feed));
        await Promise.all(rooms.map((room, index) => room.reach(versions[index] ?? 0)));
      }
      this.#trouble('log', false);
      return true;
    } catch (error) {
      this.#logFailed(error);
      return false;
    }
  }

  #logFailed(error: unknown): void {
    if (this.#isClosed) return;
    if (!this.#troubles.has('log')) this.#options.log.warn({ err: error }, 'the log of live changes cannot be read');
    this.#trouble('log', true);
  }

  async #comeBack(): Promise<void> {
    // What was lost meanwhile goes out before clients are told that all is well.
    await this.check();
    this.#trouble('fan-out', false);
  }

  #trouble(which: 'fan-out' | 'log', exists: boolean): void {
    const before = this.state;
    if (exists) this.#troubles.add(which);
    else this.#troubles.delete(which);
    if (this.state !== before) this.#options.onState(this.state);
  }
}
