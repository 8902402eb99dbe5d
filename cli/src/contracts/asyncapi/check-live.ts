/** x-parkwise-live: that its messages and its parameter are there, and fit for what they are to do. */
import { didYouMean } from '../../source/did-you-mean.ts';
import { isObject } from '../../source/structure-reader.ts';
import { textAt } from '../bundle/bundle.ts';
import type { Fields } from '../bundle/bundle.ts';
import type { AsyncApiContext } from './check-asyncapi.ts';
import type { OperationPlace } from './read-asyncapi.ts';
import { readEnvelope, schemasAtLocation } from './read-message.ts';
import type { MessagePlace } from './read-message.ts';
import { bindingNames, versionType } from './read-realtime.ts';

const states = ['current', 'delayed'] as const;

export const checkLive = (operation: OperationPlace, context: AsyncApiContext): void => {
  const { bundle, findings } = context;
  const stated = operation.part.value['x-parkwise-live'];
  if (!isObject(stated)) return;
  if (operation.action === 'receive') {
    findings.error('misplaced-extension', bundle.places.at(operation.part.value, 'x-parkwise-live'), {
      message: 'What clients send is not watched.',
      hint: 'Move it to the "send" operation of the channel.',
    });
    return;
  }
  const snapshot = messageNamed(stated, 'snapshot', operation, context);
  if (snapshot) checkVersions(snapshot, operation, context);
  const notice = messageNamed(stated, 'notice', operation, context);
  if (notice) checkNotice(notice, context);
  checkResume(stated, operation, context);
};

const messageNamed = (
  stated: Fields,
  key: 'snapshot' | 'notice',
  { messages }: OperationPlace,
  { bundle, findings }: AsyncApiContext,
): MessagePlace | undefined => {
  const name = textAt(stated, key);
  const found = messages.find(({ id }) => id === name);
  if (name === undefined || found) return found;
  const known = messages.map(({ id }) => id);
  findings.error('message-reference', bundle.places.atValue(stated, key), {
    message: `The operation sends no message "${name}".${didYouMean(name, known)}`,
    hint: `Name one of ${known.join(', ')}.`,
  });
  return undefined;
};

/** The snapshot has a version, and all that have one have it in the same form. */
const checkVersions = (
  snapshot: MessagePlace,
  { messages }: OperationPlace,
  { bundle, findings }: AsyncApiContext,
): void => {
  const wanted = versionType(bundle, snapshot.part);
  for (const { id, part } of messages) {
    const type = versionType(bundle, part);
    if (part !== snapshot.part && !readEnvelope(part, bundle).sequence) continue;
    if (type !== undefined && type === wanted) continue;
    findings.error('live-version', bundle.places.at(part.value), {
      message:
        type === undefined
          ? `"${id}" has no live version.`
          : `The live version of "${id}" is of another type than that of "${snapshot.id}".`,
      hint: 'Name its place as "sequence" in x-parkwise-envelope, with the same type everywhere: integer, or string where a client may watch several rooms.',
    });
  }
};

const checkNotice = ({ id, part }: MessagePlace, { bundle, findings }: AsyncApiContext): void => {
  const envelope = readEnvelope(part, bundle);
  const pointer = `${envelope.data?.in === 'payload' ? envelope.data.pointer : ''}/state`;
  const allowed = schemasAtLocation(bundle, part, { in: 'payload', pointer }).flatMap(
    ({ value }) => value['enum'] ?? [],
  );
  if (!envelope.sequence && states.every((state) => allowed.includes(state))) return;
  findings.error('live-notice', bundle.places.at(part.value), {
    message: `"${id}" cannot tell whether changes come in time.`,
    hint: 'Its data has a property "state" with enum [current, delayed], and it has no sequence.',
  });
};

const checkResume = (stated: Fields, { part }: OperationPlace, { bundle, findings }: AsyncApiContext): void => {
  const resume = textAt(stated, 'resume');
  const channel = bundle.object(part, 'channel');
  if (resume === undefined || !channel) return;
  const names = bindingNames(channel, 'query', bundle);
  if (names.includes(resume)) return;
  findings.error('unknown-expression', bundle.places.atValue(stated, 'resume'), {
    message: `The channel has no query parameter "${resume}".${didYouMean(resume, names)}`,
    hint: 'Describe it under bindings.ws.query of the channel.',
  });
};
