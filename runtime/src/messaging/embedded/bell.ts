import { AsyncResource } from 'node:async_hooks';
import { closeSync, constants, openSync, watch, writeSync, type FSWatcher } from 'node:fs';

/**
 * Tells the other processes that something was appended: a file beside the log is written to, and they watch it. (A watch on the
 * log's own `-wal` file goes silent once the last connection has closed.) A ring may be missed, so listeners look by themselves
 * from time to time as well.
 */
export class Bell {
  readonly #path: string;
  readonly #listeners = new Set<() => void>();
  #fd: number | undefined;
  #watcher: FSWatcher | undefined;
  #fallback: NodeJS.Timeout | undefined;
  readonly #fallbackMs: number;

  constructor(path: string, fallbackMs: number) {
    this.#path = path;
    this.#fallbackMs = fallbackMs;
  }

  ring(): void {
    writeSync(this.#open(), '.', 0);
    this.#notify();
  }

  /** @returns how to stop listening. */
  listen(listener: () => void): () => void {
    // Who rings may be in the middle of a transaction or request, which is none of the listener's.
    const bound = AsyncResource.bind(listener);
    this.#listeners.add(bound);
    if (this.#listeners.size === 1) this.#start();
    return () => {
      this.#listeners.delete(bound);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  close(): void {
    this.#listeners.clear();
    this.#stop();
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #open(): number {
    this.#fd ??= openSync(this.#path, constants.O_RDWR | constants.O_CREAT);
    return this.#fd;
  }

  #start(): void {
    this.#open();
    this.#fallback = setInterval(() => this.#notify(), this.#fallbackMs);
    try {
      this.#watcher = watch(this.#path, () => this.#notify());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // No watches left on this machine: the fallback alone is slower, and still right.
      this.#watcher = undefined;
    }
  }

  #stop(): void {
    clearInterval(this.#fallback);
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
