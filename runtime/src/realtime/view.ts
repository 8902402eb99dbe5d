/** Clients that watch the same rooms: each change becomes one frame for all of them. */
import type { Change } from './change-log.ts';
import type { Room, RoomListener } from './room.ts';

/** A change as it goes to the clients of one view. */
export interface Outgoing {
  /** Place of its room among those of the view. */
  readonly index: number;
  readonly change: Change;
  /** Versions of all rooms once it has been applied. */
  readonly versions: readonly number[];
  /** Made when the first client takes it. */
  readonly frame: () => Buffer;
}

export interface ViewMember {
  take(outgoing: Outgoing): void;
  /** Changes are missing: only the whole helps. */
  renew(): void;
}

export class View implements RoomListener {
  readonly rooms: readonly Room[];
  readonly members = new Set<ViewMember>();
  readonly #frameOf: (change: Change, versions: readonly number[]) => Buffer;

  constructor(rooms: readonly Room[], frameOf: (change: Change, versions: readonly number[]) => Buffer) {
    this.rooms = rooms;
    this.#frameOf = frameOf;
    for (const room of rooms) room.listeners.add(this);
  }

  changed(room: Room, change: Change): void {
    let frame: Buffer | undefined;
    const versions = this.rooms.map(({ version }) => version);
    const outgoing: Outgoing = {
      index: this.rooms.indexOf(room),
      change,
      versions,
      frame: () => (frame ??= this.#frameOf(change, versions)),
    };
    for (const member of this.members) member.take(outgoing);
  }

  broken(): void {
    for (const member of this.members) member.renew();
  }

  leave(): void {
    for (const room of this.rooms) room.listeners.delete(this);
  }
}
