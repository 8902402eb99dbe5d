import type { MessageDefinition } from '../messaging/contract.ts';
import type { Publishers } from '../messaging/publish.ts';
import { publisherName } from '../messaging/publisher-name.ts';
import { afterCommit } from '../persistence/open-tx.ts';
import type { Publication } from './test-service.ts';

export interface RecordedPublications {
  /** In the order of their commits. */
  readonly all: readonly Publication[];
  /** Data of those with this name in the contract. */
  named(name: string): readonly unknown[];
  decorate(publishers: Publishers): Publishers;
}

/** Remembers what the service publishes, once the transaction has committed. */
export const recordedPublications = (messages: readonly MessageDefinition[]): RecordedPublications => {
  const all: Publication[] = [];
  const names = new Map(messages.map((message) => [message.publisher ?? publisherName(message.name), message.name]));
  return {
    all,
    named(name) {
      if (![...names.values()].includes(name)) {
        throw new Error(
          `the service sends no message "${name}"; it sends: ${[...names.values()].join(', ') || 'none'}`,
        );
      }
      return all.filter((publication) => publication.name === name).map(({ data }) => data);
    },
    decorate: (publishers) =>
      Object.fromEntries(
        Object.entries(publishers).map(([method, publish]): [string, typeof publish] => [
          method,
          async (tx, data, about) => {
            await publish(tx, data, about);
            const name = names.get(method) ?? method;
            afterCommit(tx, () => all.push({ name, data: structuredClone(data), ...about }));
          },
        ]),
      ),
  };
};
