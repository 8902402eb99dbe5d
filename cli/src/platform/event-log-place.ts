import { existsSync } from 'node:fs';
import { UserError } from '../application/user-error.ts';
import { readEnvironment, readSecret, type Environment } from './environment.ts';
import { runFiles } from './run-files.ts';
import { readRunning } from './run-state.ts';
import { chosenStack } from './stack/open-stack.ts';
import { readRememberedEvents } from './stack/remembered-events.ts';
import type { StackKind } from './stack/stack.ts';

/** Where the events of a workspace are. */
export interface EventLogPlace {
  readonly kind: StackKind;
  readonly url: string;
  /** Stands before topics; '' if there is none. */
  readonly namespace: string;
  /** False: nothing was ever started or sent. */
  readonly exists: boolean;
}

interface PlaceFlags {
  readonly stack?: StackKind | undefined;
  /** Said in so many words: nothing else is looked at. */
  readonly url?: string | undefined;
}

/**
 * The events of the platform that runs; else of the stack that is chosen (by flag or PARKWISE_STACK), which is embedded by default.
 *
 * @throws UserError when the external stack is meant and nothing says where its Kafka is
 */
export const eventLogPlace = (root: string, given: Environment, flags: PlaceFlags = {}): EventLogPlace => {
  const files = runFiles(root);
  const env = readEnvironment(root, given);
  const namespace = env['PARKWISE_NAMESPACE'] ?? '';
  if (flags.url) return { kind: 'external', url: flags.url, namespace, exists: true };
  const kind = flags.stack ?? readRunning(files)?.stack ?? chosenStack(undefined, env);
  if (kind === 'embedded')
    return { kind, url: `sqlite:${files.eventLog}`, namespace, exists: existsSync(files.eventLog) };
  // What runs was told by flags, perhaps; else what we are told now wins over what was so the last time.
  const remembered = readRememberedEvents(files);
  const said = readSecret(env, 'PARKWISE_KAFKA_URL');
  const url = readRunning(files) === undefined ? (said ?? remembered?.eventsUrl) : (remembered?.eventsUrl ?? said);
  if (url !== undefined) return { kind, url, namespace: namespace || (remembered?.namespace ?? ''), exists: true };
  throw new UserError({
    code: 'no-kafka',
    message: 'nothing says where Kafka is',
    nextSteps: ['Set PARKWISE_KAFKA_URL, or start the platform with "parkwise up --stack external".'],
  });
};
