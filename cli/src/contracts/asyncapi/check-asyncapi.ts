import { didYouMean } from '../../source/did-you-mean.ts';
import type { FindingList } from '../../source/finding-list.ts';
import { isObject } from '../../source/structure-reader.ts';
import { textAt } from '../bundle/bundle.ts';
import type { Bundle, Part } from '../bundle/bundle.ts';
import { checkConsumer } from './check-consumer.ts';
import { checkEnvelope } from './check-envelope.ts';
import { checkMessages } from './check-messages.ts';
import { channelIdOf, readChannel } from './read-channel.ts';
import { checkRealtimeChannel, checkRealtimeMessages, checkRealtimeOperation } from './check-realtime.ts';
import { asyncOperations, messageIdOf } from './read-asyncapi.ts';
import type { OperationPlace } from './read-asyncapi.ts';
import { messagePlaces } from './read-message.ts';
import { isMixed, isRealtimeOperation, transportOf } from './realtime-servers.ts';

export interface AsyncApiContext {
  readonly bundle: Bundle;
  readonly findings: FindingList;
}

/** All rules for AsyncAPI documents that the grammar cannot say. */
export const checkAsyncApi = (bundle: Bundle, findings: FindingList): void => {
  const context = { bundle, findings };
  checkServers(context);
  checkChannels(context);
  checkReferences(context);
  const receiving = new Map<string, string>();
  const realtime: OperationPlace[] = [];
  for (const operation of asyncOperations(bundle)) {
    if (isRealtimeOperation(bundle, operation.part)) {
      const others = realtime.filter(({ channel }) => channel.id === operation.channel.id);
      checkRealtimeOperation(operation, others, context);
      realtime.push(operation);
      continue;
    }
    if (isMixed(bundle, operation.part)) continue;
    checkTopicExtensions(operation, context);
    if (operation.action === 'send') {
      if (Object.hasOwn(operation.part.value, 'x-parkwise-consumer')) {
        findings.error('misplaced-extension', bundle.places.at(operation.part.value, 'x-parkwise-consumer'), {
          message: 'A sending operation has no consumer.',
          hint: 'Move it to the "receive" operation of whoever consumes.',
        });
      }
      continue;
    }
    const other = receiving.get(operation.channel.address);
    if (other !== undefined) {
      findings.error('several-consumers', bundle.places.at(operation.part.value), {
        message: `"${operation.id}" receives from "${operation.channel.address}", as "${other}" does.`,
        hint: 'Write one receive operation for each topic, with all its messages.',
      });
    }
    receiving.set(operation.channel.address, operation.id);
    checkConsumer(operation, context);
  }
};

/** What is for WebSocket channels alone. */
const checkTopicExtensions = ({ part }: OperationPlace, { bundle, findings }: AsyncApiContext): void => {
  for (const name of ['x-parkwise-access', 'x-parkwise-live']) {
    if (!Object.hasOwn(part.value, name)) continue;
    findings.error('misplaced-extension', bundle.places.at(part.value, name), {
      message: `"${name}" is for WebSocket channels, and this is a topic.`,
      hint: 'Remove it, or name a server of protocol ws under "servers" of the channel.',
    });
  }
};

const checkServers = ({ bundle, findings }: AsyncApiContext): void => {
  for (const [, { value }] of bundle.entries(bundle.document, 'servers')) {
    const protocol = textAt(value, 'protocol');
    if (protocol === undefined || /^(kafka|kafka-secure|ws|wss)$/.test(protocol)) continue;
    findings.warning('construct-not-carried', bundle.places.atValue(value, 'protocol'), {
      message: `The protocol "${protocol}" is not carried into code.`,
      hint: 'Messages travel over Kafka or the embedded log, and to clients over WebSockets: write kafka, kafka-secure, ws or wss.',
    });
  }
};

const checkChannels = (context: AsyncApiContext): void => {
  const { bundle, findings } = context;
  const addresses = new Map<string, string>();
  const paths = new Map<string, string>();
  for (const [id, part] of bundle.entries(bundle.document, 'channels')) {
    const address = textAt(part.value, 'address');
    const transport = transportOf(bundle, part);
    if (transport === 'mixed') {
      findings.error('mixed-servers', bundle.places.at(part.value, 'servers'), {
        message: `The channel "${id}" is on servers of Kafka and of WebSockets.`,
        hint: 'Describe two channels: one is a topic, the other is for clients.',
      });
      continue;
    }
    if (address === undefined) {
      if (part.value['address'] === null || !Object.hasOwn(part.value, 'address')) {
        findings.error('channel-address', bundle.places.at(part.value), {
          message: `The channel "${id}" has no address.`,
          hint: 'Add "address": the name of the topic.',
        });
      }
    } else if (transport === 'websocket') {
      checkRealtimeChannel(part, { id, address, addresses: paths }, context);
    } else {
      checkAddress(part, { id, address, addresses, context });
      addresses.set(address, id);
    }
    const channel = readChannel(bundle, part);
    const messages = messagePlaces(bundle, part, channel);
    checkMessages(messages, context);
    for (const message of messages) checkEnvelope(message, context);
    if (transport === 'websocket') checkRealtimeMessages(messages, context);
  }
};

const checkAddress = (
  part: Part,
  {
    id,
    address,
    addresses,
    context,
  }: { id: string; address: string; addresses: ReadonlyMap<string, string>; context: AsyncApiContext },
): void => {
  const { bundle, findings } = context;
  const position = bundle.places.atValue(part.value, 'address');
  if (Object.hasOwn(part.value, 'parameters')) {
    findings.error('construct-not-carried', bundle.places.at(part.value, 'parameters'), {
      message: 'Parameters of a topic are not carried into code.',
      hint: 'Write the address out: one channel is one topic.',
    });
  }
  const other = addresses.get(address);
  if (other !== undefined) {
    findings.error('channel-address', position, {
      message: `The channels "${other}" and "${id}" have the same address "${address}".`,
      hint: 'Describe each topic by one channel.',
    });
  }
  if (/[{}]/.test(address)) {
    findings.error('construct-not-carried', position, {
      message: `An address with parameters ("${address}") is not carried into code.`,
      hint: 'Write the address out: one channel is one topic.',
    });
  } else if (!/^[A-Za-z0-9._-]{1,200}$/.test(address) || /^\.\.?$/.test(address)) {
    findings.error('channel-address', position, {
      message: `"${address}" cannot be the name of a topic.`,
      hint: 'Use at most 200 letters, digits, dots, hyphens and underscores.',
    });
  }
};

/** Operations refer to channels at the top of their own document, and to messages of that channel. */
const checkReferences = ({ bundle, findings }: AsyncApiContext): void => {
  for (const [id, { value }] of bundle.entries(bundle.document, 'operations')) {
    const channel = value['channel'];
    if (!isObject(channel)) continue;
    const ref = textAt(channel, '$ref');
    if (ref === undefined || !/^#\/channels\/[^/]+$/.test(ref)) {
      findings.error('channel-reference', bundle.places.at(value, 'channel'), {
        message: `The channel of "${id}" is not one of the channels at the top of this document.`,
        hint: 'List the channel under "channels" (by a $ref if it belongs to another document) and refer to it there.',
      });
      continue;
    }
    const part = bundle.follow(channel, '');
    const known = part && isObject(part.value['messages']) ? Object.keys(part.value['messages']) : [];
    const listed = value['messages'];
    if (!Array.isArray(listed)) {
      if (known.length === 0 && part) {
        findings.error('message-reference', bundle.places.at(value), {
          message: `"${id}" is about no message.`,
          hint: 'Describe the messages of its channel.',
        });
      }
      continue;
    }
    listed.forEach((entry: unknown, index) => {
      const message = isObject(entry) ? textAt(entry, '$ref') : undefined;
      if (message?.startsWith(`${ref}/messages/`) && known.includes(messageIdOf(entry) ?? '')) return;
      const name = message === undefined ? '' : decodeURIComponent(channelIdOf(message));
      findings.error('message-reference', bundle.places.at(listed, index), {
        message: `This is no message of the channel "${decodeURIComponent(channelIdOf(ref))}".${known.includes(name) ? '' : didYouMean(name, known)}`,
        hint: `Refer to a message of the channel, as in "${ref}/messages/${known[0] ?? '…'}".`,
      });
    });
  }
};
