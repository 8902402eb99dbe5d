/** Who may connect to a WebSocket channel: alternatives of security schemes, each with the scopes that it asks for. */
import type { SecuritySchemeModel } from '../../model/workspace.ts';
import { textAt, textsAt } from '../bundle/bundle.ts';
import type { Bundle, Part } from '../bundle/bundle.ts';
import { channelIdOf } from './read-channel.ts';
import { webSocketServers } from './realtime-servers.ts';

/** One alternative: a scheme by its name. */
export interface SecurityPlace {
  readonly name: string;
  readonly part: Part;
}

/** The operation's own alternatives, else those of the channel's servers; undefined where nobody says. */
export const securityPlaces = (
  bundle: Bundle,
  operation: Part,
  channel: Part,
): readonly SecurityPlace[] | undefined => {
  const id = channelIdOf(channel.pointer);
  if (Array.isArray(operation.value['security'])) return placesIn(bundle, operation, id);
  const servers = webSocketServers(bundle, channel).filter(({ value }) => Array.isArray(value['security']));
  const [first] = servers;
  return first && placesIn(bundle, first, id);
};

const placesIn = (bundle: Bundle, holder: Part, channel: string): readonly SecurityPlace[] => {
  const list = holder.value['security'] as readonly unknown[];
  return bundle.items(holder, 'security').map((part, index) => ({
    name: componentOf(list[index]) ?? `${channel}-${String(part.value['type'])}-${index + 1}`,
    part,
  }));
};

/** Components keep their name; what is written in place is called after its channel. */
const componentOf = (entry: unknown): string | undefined => {
  const ref = typeof entry === 'object' && entry !== null && '$ref' in entry ? String(entry.$ref) : '';
  const name = /^#\/components\/securitySchemes\/([^/]+)$/.exec(ref)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
};

/** Undefined for a scheme that is not carried into code. */
export const readSecurityScheme = ({ name, part }: SecurityPlace): SecuritySchemeModel | undefined => {
  const { value } = part;
  if (value['type'] === 'httpApiKey') {
    const place = value['in'];
    if (place !== 'header' && place !== 'cookie') return undefined;
    return { name, kind: 'apiKey', in: place, parameter: textAt(value, 'name') ?? '' };
  }
  const isBearer =
    value['type'] === 'oauth2' ||
    value['type'] === 'openIdConnect' ||
    (value['type'] === 'http' && textAt(value, 'scheme')?.toLowerCase() === 'bearer');
  return isBearer ? { name, kind: 'bearer', scopes: {} } : undefined;
};

export const scopesAsked = ({ part }: SecurityPlace): readonly string[] => textsAt(part.value, 'scopes');
