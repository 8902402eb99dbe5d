import type { BackendName, BackendSettings } from './settings.ts';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** How one kind of server is installed, started and asked whether it works. */
export interface Server {
  readonly name: BackendName;
  /** Stands in the command line of its process: a process id that was given to another one since is not taken for it. */
  readonly processMark: string;
  /** Brings what is missing; quick when nothing is. */
  install(settings: BackendSettings): Promise<void>;
  /** Makes what it needs in its home, and says what to run. */
  prepare(settings: BackendSettings): Promise<Command>;
  /** Resolves if it answers like the server that it is; an open port is not enough. */
  ask(settings: BackendSettings): Promise<void>;
  url(settings: BackendSettings): string;
}

/** The variable by which tests are told where a server is. */
export const variableOf = (name: BackendName): string => `PARKWISE_TEST_${name.toUpperCase()}_URL`;
