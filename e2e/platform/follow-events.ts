import { createInterface } from 'node:readline';
import type { Platform } from './start-platform.ts';

/** One message as `parkwise events tail --json` prints it. */
export interface TailedEvent {
  readonly topic: string;
  readonly key: string;
  readonly value: {
    readonly metadata: { readonly eventType: string; readonly eventId: string };
    readonly payload: Readonly<Record<string, unknown>>;
  };
}

export interface EventFollower extends Disposable {
  /** Resolves with the first event, past or to come, that the test accepts. */
  first(accept: (event: TailedEvent) => boolean): Promise<TailedEvent>;
  /** The first event of this type whose payload has these values. */
  saw(type: string, payload: Readonly<Record<string, unknown>>): Promise<TailedEvent>;
}

/** Follows all topics of the platform from their beginning. */
export const followEvents = (platform: Platform): EventFollower => {
  const tail = platform.follow('events', 'tail', '--follow', '--from-beginning', '--json');
  const seen: TailedEvent[] = [];
  const waiting = new Set<(event: TailedEvent) => void>();
  if (!tail.stdout) throw new Error('events tail has no output');
  createInterface({ input: tail.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as TailedEvent;
    seen.push(event);
    for (const look of waiting) look(event);
  });

  const first: EventFollower['first'] = (accept) => {
    const past = seen.find(accept);
    if (past) return Promise.resolve(past);
    const { promise, resolve } = Promise.withResolvers<TailedEvent>();
    const look = (event: TailedEvent): void => {
      if (!accept(event)) return;
      waiting.delete(look);
      resolve(event);
    };
    waiting.add(look);
    return promise;
  };

  return {
    first,
    saw: (type, payload) =>
      first(
        ({ value }) =>
          value.metadata.eventType === type &&
          Object.entries(payload).every(([name, expected]) => value.payload[name] === expected),
      ),
    [Symbol.dispose]: () => {
      tail.kill();
    },
  };
};
