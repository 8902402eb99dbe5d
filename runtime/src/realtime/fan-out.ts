import type { Change } from './change-log.ts';

/** What the hub of one instance hears. */
export interface FanOutListener {
  /** A change has been committed, here or elsewhere. It may come twice, too late or never: its version tells. */
  change(change: Change): void;
  /** Something may have been committed elsewhere: look into the log. */
  doubt(): void;
  /** Changes of other instances do not arrive any more. */
  lost(): void;
  /** They do again; those in between are gone. */
  back(): void;
}

/** Carries changes to all instances of a service. It may lose some: the log in the database has them all. */
export interface FanOut {
  /** Called once per instance, before anything is announced. */
  listen(listener: FanOutListener): void;
  /** Tells every instance of a change that has been committed, this one at once. */
  announce(change: Change): void;
  close(): Promise<void>;
}
