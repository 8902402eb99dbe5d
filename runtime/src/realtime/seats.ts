/** Limits of connections: in all, and of one caller. */
export interface SeatLimits {
  readonly total: number;
  readonly perHolder: number;
}

export class Seats {
  readonly #limits: SeatLimits;
  readonly #byHolder = new Map<string, number>();
  #taken = 0;

  constructor(limits: SeatLimits) {
    this.#limits = limits;
  }

  get taken(): number {
    return this.#taken;
  }

  /** @returns how to give it back, or which limit is reached */
  take(holder: string): (() => void) | 'full' | 'too-many' {
    const own = this.#byHolder.get(holder) ?? 0;
    if (own >= this.#limits.perHolder) return 'too-many';
    if (this.#taken >= this.#limits.total) return 'full';
    this.#taken += 1;
    this.#byHolder.set(holder, own + 1);
    let isFree = false;
    return () => {
      if (isFree) return;
      isFree = true;
      this.#taken -= 1;
      const left = (this.#byHolder.get(holder) ?? 1) - 1;
      if (left > 0) this.#byHolder.set(holder, left);
      else this.#byHolder.delete(holder);
    };
  }
}
