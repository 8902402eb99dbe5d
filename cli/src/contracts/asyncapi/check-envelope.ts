import { didYouMean } from '../../source/did-you-mean.ts';
import { formatPointer, parsePointer } from '../../source/json-pointer.ts';
import { isObject } from '../../source/structure-reader.ts';
import type { MessageLocationModel } from '../../model/workspace.ts';
import { textAt } from '../bundle/bundle.ts';
import type { Part } from '../bundle/bundle.ts';
import type { AsyncApiContext } from './check-asyncapi.ts';
import { constantsOf, requiredOf, unfilledPlaces } from './above-data.ts';
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
  checkRequired(message, context);
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
  if (location.in === 'header' && writtenHeaders.has(tokens[0]?.toLowerCase() ?? '')) return;
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

/** Above the data, the runtime makes the message: what is required there has to be a part that it fills, or a constant. */
const checkRequired = ({ part }: MessagePlace, { bundle, findings }: AsyncApiContext): void => {
  const envelope = readEnvelope(part, bundle);
  const constants = constantsOf(part, envelope, bundle);
  for (const { pointer, position } of unfilledPlaces(part, envelope, bundle)) {
    if (Object.hasOwn(constants, pointer)) continue;
    findings.error('unfilled-envelope-field', position, {
      message: `"${pointer}" is required, and no part of the envelope stands there.`,
      hint: 'Name its part in x-parkwise-envelope, give it a const, or do not require it.',
    });
  }
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
