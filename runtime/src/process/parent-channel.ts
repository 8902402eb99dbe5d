/** What a service tells the process that started it, over Node's IPC channel; silent where there is none. */
export interface ParentChannel {
  readonly connected: boolean;
  /** The service answers on `port`. */
  ready(port: number): void;
  /** It cannot start. Resolves once the parent has been told. */
  failed(failure: { readonly code: string; readonly message: string }): Promise<void>;
  /** Its empty database was filled; `notes` are for a newcomer. */
  demo(notes: readonly string[]): void;
  /** Calls `gone` when the parent has ended, however it did. */
  onGone(gone: () => void): void;
}

/** The channel to the parent of this process. */
export const parentChannel = (): ParentChannel => {
  const tell = (message: object): Promise<void> =>
    new Promise((resolve) => {
      if (process.connected && process.send) process.send(message, undefined, undefined, () => resolve());
      else resolve();
    });
  return {
    get connected() {
      return process.connected === true;
    },
    ready: (port) => void tell({ type: 'ready', port }),
    failed: (failure) => tell({ type: 'failed', ...failure }),
    demo: (notes) => void tell({ type: 'demo', notes }),
    onGone(gone) {
      if (!process.channel) return;
      process.once('disconnect', gone);
      // Waiting for the parent's end alone must not keep a service alive that has nothing else to do.
      process.channel.unref();
    },
  };
};
