import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { EventLogPlace } from './event-log-place.ts';
import { partInData, topicSettings, toWire } from '@parkwise/runtime/platform';
import { UserError } from '../application/user-error.ts';
import { loadWorkspace } from '../contracts/load-workspace.ts';
import type { Workspace } from '../model/workspace.ts';
import { checkPayload } from './check-payload.ts';
import { findMessage, type FoundMessage } from './find-message.ts';
import { onEvents } from './open-events.ts';

export interface PublishOptions {
  readonly root: string;
  /** Name in the contract. */
  readonly message: string;
  /** The business data: JSON, or `@` and the name of a file that holds it. */
  readonly data: string;
  readonly key?: string;
  readonly sequence?: number;
  readonly place: EventLogPlace;
}

export interface PublishedEvent {
  readonly message: string;
  readonly topic: string;
  readonly id: string;
  readonly key: string;
  readonly payload: unknown;
}

/**
 * Appends a message to the events, as its sender would: in the envelope of its contract, and only if it fits that.
 *
 * @throws UserError when there is no such message or the data does not fit
 */
export const publishEvent = async (options: PublishOptions): Promise<PublishedEvent> => {
  const found = findMessage(await readWorkspace(options.root), options.message);
  const { message } = found;
  const { place } = options;
  const data = parseData(options.data);
  const id = randomUUID();
  const key = keyOf(found, data, options.key) ?? id;
  const { headers, payload } = toWire(
    { ...message, name: message.id, topic: message.channel.address, validate: anything, validateReceived: anything },
    data,
    {
      id,
      type: message.type,
      version: message.version,
      time: new Date().toISOString(),
      source: found.service,
      correlation: randomUUID(),
      key,
      ...(message.envelope.sequence === undefined ? {} : { sequence: sequenceOf(found, data, options.sequence) }),
    },
  );
  await checkPayload(found, payload);
  const topic = place.namespace === '' ? message.channel.address : `${place.namespace}.${message.channel.address}`;
  await onEvents(options, async (log) => {
    const { id: _id, description: _description, source: _source, ...settings } = message.channel;
    await log.createTopics([topicSettings(settings, place.namespace)]);
    await log.send([{ topic, key, headers, value: JSON.stringify(payload) }]);
  });
  return { message: message.id, topic, id, key, payload };
};

const anything = (): boolean => true;

const readWorkspace = async (root: string): Promise<Workspace> => {
  const { workspace, findings } = await loadWorkspace(root);
  if (workspace !== undefined) return workspace;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  throw new UserError({
    code: 'contracts',
    message: `the contracts have ${errors} ${errors === 1 ? 'error' : 'errors'}`,
    nextSteps: ['See them with "parkwise lint".'],
    exitCode: 1,
  });
};

const parseData = (text: string): unknown => {
  try {
    return JSON.parse(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text) as unknown;
  } catch (error) {
    throw new UserError({
      code: 'data',
      message: `--data cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      nextSteps: [`Quote it for the shell: --data '{"orderId": "42"}', or --data @file.json.`],
    });
  }
};

const keyOf = ({ message }: FoundMessage, data: unknown, given: string | undefined): string | undefined => {
  const inside = partInData(message.envelope, 'key', data);
  if (inside !== undefined) return String(inside);
  if (given !== undefined || message.envelope.key === undefined) return given;
  throw new UserError({
    code: 'key',
    message: `${message.id} says what it is about outside of its data`,
    nextSteps: ['Give it by --key: messages of one key are handled in order.'],
  });
};

const sequenceOf = ({ message }: FoundMessage, data: unknown, given = 1): number => {
  const inside = partInData(message.envelope, 'sequence', data);
  return typeof inside === 'number' ? inside : given;
};
