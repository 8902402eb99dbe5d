import { didYouMean } from '../../source/did-you-mean.ts';
import { isObject } from '../../source/structure-reader.ts';
import type { SourcePosition } from '../../model/workspace.ts';
import type { Part } from '../bundle/bundle.ts';
import { parsePointer } from '../../source/json-pointer.ts';
import { stepsInto } from '../schemas/pointer-in-schema.ts';
import type { AsyncApiContext } from './check-asyncapi.ts';
import type { OperationPlace } from './read-asyncapi.ts';
import { readEnvelope, schemasAtLocation } from './read-message.ts';
import type { MessagePlace } from './read-message.ts';

/** That a consumer's policy names messages it receives and fields that they have. */
export const checkConsumer = (operation: OperationPlace, context: AsyncApiContext): void => {
  const { bundle, findings } = context;
  const stated = operation.part.value['x-parkwise-consumer'];
  const policy = isObject(stated) ? stated : {};
  const reads = isObject(policy['reads']) ? policy['reads'] : {};
  const names = operation.messages.map(({ id }) => id);
  for (const name of Object.keys(reads)) {
    const message = operation.messages.find(({ id }) => id === name);
    if (message) {
      checkReads(message, reads[name], context);
      continue;
    }
    findings.error('unknown-message', bundle.places.at(reads, name), {
      message: `"${operation.id}" does not receive "${name}".${didYouMean(name, names)}`,
      hint: 'Name a message that the operation lists.',
    });
  }
  const silent = names.filter((name) => !Object.hasOwn(reads, name));
  if (silent.length > 0) {
    findings.info('reads-not-declared', bundle.places.at(operation.part.value), {
      message: `Which fields of ${silent.join(', ')} are read is not declared, so that all of them count as read.`,
      hint: 'List their JSON pointers under x-parkwise-consumer.reads: removing any other field then breaks nobody.',
    });
  }
  if (policy['order'] !== 'key') return;
  for (const { id, part } of operation.messages) {
    if (readEnvelope(part, bundle).key) continue;
    findings.warning('order-without-key', bundle.places.atValue(policy, 'order'), {
      message: `Messages are to be handled in order of their keys, and where "${id}" has its key is not said.`,
      hint: 'Name the place of the key in x-parkwise-envelope.',
    });
  }
};

const checkReads = (message: MessagePlace, pointers: unknown, { bundle, findings }: AsyncApiContext): void => {
  if (!Array.isArray(pointers)) return;
  const data = readEnvelope(message.part, bundle).data ?? { in: 'payload' as const, pointer: '' };
  const schemas = schemasAtLocation(bundle, message.part, data);
  pointers.forEach((pointer: unknown, index) => {
    if (typeof pointer !== 'string') return;
    const position: SourcePosition = bundle.places.at(pointers, index);
    const steps = parsePointer(pointer) ?? [];
    let here: readonly Part[] = schemas;
    for (const step of steps) {
      const names = here.flatMap((schema) => bundle.entries(schema, 'properties').map(([name]) => name));
      here = stepsInto(bundle, here, `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`);
      if (here.length > 0) continue;
      findings.error('unknown-field-read', position, {
        message: `The data of "${message.id}" has nothing at "${pointer}".${didYouMean(step, names)}`,
        hint: 'Read what the message describes, or remove the pointer.',
      });
      return;
    }
  });
};
