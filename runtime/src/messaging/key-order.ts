/** One after another within each key; different keys at the same time. */
export class KeyOrder {
  readonly #last = new Map<string, Promise<unknown>>();

  /** What fails fails for all that wait behind it in its key: they must not overtake it. */
  run<R>(key: string, work: () => Promise<R>): Promise<R> {
    const before = this.#last.get(key);
    const mine = before ? before.then(work) : work();
    this.#last.set(key, mine);
    const done = (): void => {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    };
    mine.then(done, done);
    return mine;
  }
}
