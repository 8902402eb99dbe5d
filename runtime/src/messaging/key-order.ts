import type { RecordOutcome } from './event-bus.ts';

/** One after another within each key; different keys at the same time. */
export class KeyOrder {
  readonly #last = new Map<string, Promise<RecordOutcome>>();

  /** What fails, or has to wait, does so for all that come behind it in its key: they must not overtake it. */
  run(key: string, work: () => Promise<RecordOutcome>): Promise<RecordOutcome> {
    const before = this.#last.get(key);
    const mine = before ? before.then((waits) => waits ?? work()) : work();
    this.#last.set(key, mine);
    void this.#forget(key, mine);
    return mine;
  }

  async #forget(key: string, mine: Promise<unknown>): Promise<void> {
    await mine.catch(() => undefined); // whoever called hears of it
    if (this.#last.get(key) === mine) this.#last.delete(key);
  }
}
