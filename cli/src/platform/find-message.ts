import { UserError } from '../application/user-error.ts';
import type { MessageModel, MessagingContract, Workspace } from '../model/workspace.ts';
import { didYouMean } from '../source/did-you-mean.ts';

/** A message together with the contract that its schema stands in. */
export interface FoundMessage {
  readonly message: MessageModel;
  readonly contract: MessagingContract;
  /** Who sends it, or receives it if nobody of the workspace sends it. */
  readonly service: string;
}

/**
 * Finds a message by the name that its contract gives it (`OrderPlaced`, or `order-placed`); `orders:OrderPlaced` where several services
 * have one of that name.
 *
 * @throws UserError when there is none, or more than one
 */
export const findMessage = (workspace: Workspace, wanted: string): FoundMessage => {
  const all = messagesOf(workspace);
  const [name = '', owner] = wanted.split(':').reverse();
  const found = all.filter(
    ({ message, service }) =>
      (message.id === name || message.names.kebab === name) && (owner === undefined || service === owner),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (only !== undefined) {
    throw new UserError({
      code: 'ambiguous-message',
      message: `${wanted} is a message of ${found.map(({ service }) => service).join(' and ')}`,
      nextSteps: [`Say which one: ${found.map(({ service }) => `${service}:${name}`).join(' or ')}.`],
    });
  }
  const names = all.map(({ message }) => message.id);
  const near = didYouMean(name, names).trim();
  throw new UserError({
    code: 'no-message',
    message: `there is no message ${wanted} in the contracts`,
    nextSteps: [near || `There are: ${[...new Set(names)].toSorted().join(', ') || 'none'}.`],
  });
};

/** Each message once: as its sender states it, and those that are only received. */
const messagesOf = ({ services }: Workspace): readonly FoundMessage[] => {
  const found = new Map<string, FoundMessage>();
  const add = (message: MessageModel, contract: MessagingContract, service: string): void => {
    const key = `${message.channel.address} ${message.id}`;
    if (!found.has(key)) found.set(key, { message, contract, service });
  };
  for (const { name, messaging } of services)
    for (const message of messaging?.sends ?? []) add(message, messaging as MessagingContract, name);
  for (const { name, messaging } of services) {
    for (const consumer of messaging?.consumers ?? []) {
      for (const { message } of consumer.messages) add(message, messaging as MessagingContract, name);
    }
  }
  return [...found.values()];
};
