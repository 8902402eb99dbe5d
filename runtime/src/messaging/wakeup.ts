/** A wait that somebody else can end. A ring that comes while nobody waits ends the next wait at once. */
export class Wakeup {
  #rung = false;
  #ended = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** All waits end, now and later. */
  end(): void {
    this.#ended = true;
    this.#rung = true;
    this.#finish?.();
  }

  #finish: (() => void) | undefined;

  async wait(ms: number, { ignoreRings = false }: { readonly ignoreRings?: boolean } = {}): Promise<void> {
    if (this.#ended || (this.#rung && !ignoreRings)) {
      this.#rung = false;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#finish = resolve;
    this.#wake = ignoreRings ? undefined : resolve;
    await promise;
    clearTimeout(timer);
    this.#wake = undefined;
    this.#finish = undefined;
    this.#rung = false;
  }
}
