/** What channel handlers resolve with, as the runtime looks into it. */
import type { LiveConnection, Subscription, Watch, WatchReplies } from './watch.ts';

export type MessageReceiver = (data: unknown, connection: LiveConnection) => Promise<void>;

/** What a handler gives for a client that it lets in: what is watched, and who takes its messages. */
export interface Watching extends Partial<Subscription> {
  readonly on?: Readonly<Record<string, MessageReceiver>>;
}

export type WatchOutcome =
  | { readonly kind: 'watching'; readonly watching: Watching }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-implemented' }
  | { readonly kind: 'invalid'; readonly detail: string | undefined };

const outcomes = new WeakMap<object, WatchOutcome>();

const watch = (outcome: WatchOutcome): Watch => {
  const made = Object.freeze({}) as Watch;
  outcomes.set(made, outcome);
  return made;
};

/** What a handler is given as `reply`. */
export const watchReplies: WatchReplies<Watching> = {
  watch: (watching) => watch({ kind: 'watching', watching }),
  notFound: () => watch({ kind: 'not-found' }),
  invalid: (detail) => watch({ kind: 'invalid', detail }),
  notImplemented: () => watch({ kind: 'not-implemented' }),
};

/** @throws Error when the handler has resolved with something else */
export const outcomeOf = (made: unknown): WatchOutcome => {
  const outcome = typeof made === 'object' && made !== null ? outcomes.get(made) : undefined;
  if (!outcome) throw new Error('a channel handler resolves with what one of the functions of `reply` gives');
  return outcome;
};
