/** One after another within each key; different keys at the same time. */
export class KeyOrder {
  readonly #last = new Map<string, Promise<unknown>>();

  /** What fails fails for all that wait behind it in its key: they must not overtake it. */
  run<R>(key: string, work: () => Promise<R>): Promise<R> {
    const before = this.#last.get(key);
    const mine = before ? before.then(work) : work();
    this.#last.set(key, mine);
    void this.#forget(key, mine);
    return mine;
  }
  async #forget(key: string, mine: Promise<unknown>): Promise<void> {
    await mine.catch(() => undefined); // whoever called hears of it
    if (this.#last.get(key) === mine) this.#last.delete(key);
  }
}
