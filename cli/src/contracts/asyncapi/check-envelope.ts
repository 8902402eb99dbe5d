import { didYouMean } from '../../source/did-you-mean.ts';
import { formatPointer, parsePointer } from '../../source/json-pointer.ts';
import { isObject } from '../../source/structure-reader.ts';
import type { MessageLocationModel } from '../../model/workspace.ts';
import { textAt } from '../bundle/bundle.ts';
import type { Bundle, Part } from '../bundle/bundle.ts';
import type { AsyncApiContext } from './check-asyncapi.ts';
import { locationOf, readEnvelope, schemasAtLocation } from './read-message.ts';
import type { MessagePlace } from './read-message.ts';

/** Headers that the runtime writes on every message, whatever the contract says. */
const writtenHeaders = new Set(
  (
    'ce_specversion ce_id ce_type ce_source ce_time ce_subject ce_dataversion ce_correlationid ce_causationid ce_sequence content-type ' +
    'traceparent'
  ).split(' '),
);

/** That every part of an envelope has a place in the message, and that nothing is required which nobody fills. */
export const checkEnvelope = (message: MessagePlace, context: AsyncApiContext): void => {
  const { bundle } = context;
  const envelope = readEnvelope(message.part, bundle);
  for (const [role, location] of Object.entries(envelope))
    if (location) checkLocation(message, { role, location, context });
  const locations = Object.values(envelope);
  const stated = message.part.value['x-parkwise-envelope'];
  // An expression that is none has been reported; what it would fill is not known.
  if (isObject(stated) && Object.values(stated).some((text) => typeof text !== 'string' || !locationOf(text))) return;
  if (envelope.data?.in === 'payload' && envelope.data.pointer !== '') checkRequired(message, locations, context);
  checkRequiredHeaders(message, locations, context);
};

const checkLocation = (
  { part }: MessagePlace,
  {
    role,
    location,
    context: { bundle, findings },
  }: { role: string; location: MessageLocationModel; context: AsyncApiContext },
): void => {
  const key = location.in === 'header' ? 'headers' : 'payload';
  if (!Object.hasOwn(part.value, key) || part.value[key] === true) return;
  const tokens = parsePointer(location.pointer) ?? [];
  const missing = tokens.findIndex((_, index) => {
    const pointer = formatPointer(tokens.slice(0, index + 1));
    return schemasAtLocation(bundle, part, { in: location.in, pointer }).length === 0;
  });
  if (missing < 0) return;
  const above = schemasAtLocation(bundle, part, { in: location.in, pointer: formatPointer(tokens.slice(0, missing)) });
  const names = above.flatMap((schema) => bundle.entries(schema, 'properties').map(([name]) => name));
  const stated = part.value['x-parkwise-envelope'];
  const holder = isObject(stated) && Object.hasOwn(stated, role) ? stated : undefined;
  const correlation = bundle.object(part, 'correlationId')?.value;
  const position = holder
    ? bundle.places.atValue(holder, role)
    : correlation
      ? bundle.places.atValue(correlation, 'location')
      : bundle.places.at(part.value);
  findings.error('unknown-envelope-place', position, {
    message: `The ${location.in === 'header' ? 'headers' : 'payload'} of the message ${nameOf(part)}has nothing at "${location.pointer}", where its ${role} should stand.${didYouMean(tokens[missing] ?? '', names)}`,
    hint: 'Name a place that the schema describes, or describe it there.',
  });
};

const nameOf = (part: Part): string => {
  const name = textAt(part.value, 'name') ?? textAt(part.value, 'title');
  return name === undefined ? '' : `"${name}" `;
};

/** Above the data, the runtime makes the message: what is required there has to be one of the parts that it fills. */
const checkRequired = (
  { part }: MessagePlace,
  locations: readonly (MessageLocationModel | undefined)[],
  { bundle, findings }: AsyncApiContext,
): void => {
  const filled = locations.flatMap((location) =>
    location?.in === 'payload' ? [parsePointer(location.pointer) ?? []] : [],
  );
  const visit = (tokens: readonly string[]): void => {
    for (const schema of schemasAtLocation(bundle, part, { in: 'payload', pointer: formatPointer(tokens) })) {
      for (const { name, position } of requiredOf(schema, bundle)) {
        const below = [...tokens, name];
        if (filled.some((pointer) => below.every((token, index) => pointer[index] === token))) continue;
        findings.error('unfilled-envelope-field', position, {
          message: `"${formatPointer(below)}" is required, and no part of the envelope stands there.`,
          hint: 'Name its part in x-parkwise-envelope, or do not require it.',
        });
      }
    }
    const steps = new Set(
      filled
        .filter(
          (pointer) => pointer.length > tokens.length + 1 && tokens.every((token, index) => pointer[index] === token),
        )
        .map((pointer) => pointer[tokens.length] ?? ''),
    );
    for (const step of steps) visit([...tokens, step]);
  };
  visit([]);
};

const checkRequiredHeaders = (
  { part }: MessagePlace,
  locations: readonly (MessageLocationModel | undefined)[],
  { bundle, findings }: AsyncApiContext,
): void => {
  const filled = locations.flatMap((location) =>
    location?.in === 'header' ? [(parsePointer(location.pointer) ?? [])[0]] : [],
  );
  for (const schema of schemasAtLocation(bundle, part, { in: 'header', pointer: '' })) {
    for (const { name, position } of requiredOf(schema, bundle)) {
      if (writtenHeaders.has(name.toLowerCase()) || filled.includes(name)) continue;
      findings.error('unfilled-envelope-field', position, {
        message: `The header "${name}" is required, and nothing fills it.`,
        hint: 'Name its part in x-parkwise-envelope, or do not require it.',
      });
    }
  }
};

const requiredOf = (
  { value }: Part,
  bundle: Bundle,
): readonly { name: string; position: ReturnType<Bundle['places']['at']> }[] => {
  const { required } = value;
  if (!Array.isArray(required)) return [];
  return required.flatMap((name: unknown, index) =>
    typeof name === 'string' ? [{ name, position: bundle.places.at(required, index) }] : [],
  );
};
