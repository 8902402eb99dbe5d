/** Topics that the transport does not have now. Their messages wait, all of them, which keeps their order; others go on meanwhile. */
export class AbsentTopics {
  readonly #restMs: number;
  readonly #until = new Map<string, number>();

  /** @param restMs how long until a topic is tried again */
  constructor(restMs: number) {
    this.#restMs = restMs;
  }

  add(topics: readonly string[]): void {
    for (const topic of topics) this.#until.set(topic, performance.now() + this.#restMs);
  }

  /** Those whose messages are to wait. */
  get names(): readonly string[] {
    for (const [topic, until] of this.#until) if (until <= performance.now()) this.#until.delete(topic);
    return [...this.#until.keys()];
  }
}
