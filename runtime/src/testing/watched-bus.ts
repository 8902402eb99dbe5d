import type { EventBus, IncomingRecord, RecordOutcome } from '../messaging/event-bus.ts';
import { headerOf } from '../messaging/message-location.ts';

/** What became of a delivered message. */
export interface Watch {
  /** Resolves once the consumer is through with it, rejects with the handler's error or the reason why it was put aside. */
  readonly done: Promise<void>;
}

/** An event bus that tells when a record has been dealt with. */
export interface WatchedBus extends EventBus {
  /** Watches for the message with this id; called before it is sent. */
  watch(id: string): Watch;
  /** The handler of the message has thrown. */
  handlerFailed(id: string, error: unknown): void;
}

/** Puts an ear to what passes through `bus`. */
export const watchedBus = (bus: EventBus): WatchedBus => {
  const watches = new Map<string, { readonly settle: PromiseWithResolvers<void>; error?: unknown }>();
  const idOf = (record: Pick<IncomingRecord, 'headers'>): string | undefined => headerOf(record.headers, 'ce_id');

  return {
    createTopics: (topics) => bus.createTopics(topics),
    close: () => bus.close(),
    watch(id) {
      const settle = Promise.withResolvers<void>();
      watches.set(id, { settle });
      return { done: settle.promise };
    },
    handlerFailed(id, error) {
      const watch = watches.get(id);
      if (watch) watch.error ??= error;
    },
    send(records) {
      for (const { topic, headers } of records) {
        const watch = watches.get(headerOf(headers, 'x-event-id') ?? '');
        if (watch === undefined || !topic.endsWith('.dlt')) continue;
        watch.error ??= new Error(
          `the message was moved to the dead letters: ${headerOf(headers, 'x-error-message') ?? 'for no reason told'}`,
        );
      }
      return bus.send(records);
    },
    subscribe: (settings) =>
      bus.subscribe({
        ...settings,
        async handle(record, signal, goesOn): Promise<RecordOutcome> {
          const id = idOf(record) ?? '';
          try {
            return (await settings.handle(record, signal, goesOn)) as RecordOutcome;
          } catch (error) {
            const watch = watches.get(id);
            if (watch) watch.error ??= error;
            throw error;
          } finally {
            const watch = watches.get(id);
            watches.delete(id);
            if (watch?.error === undefined) watch?.settle.resolve();
            else watch.settle.reject(watch.error);
          }
        },
      }),
  };
};
