import { mintToken } from '../platform/mint-token.ts';
import type { Platform } from '../platform/start-platform.ts';
import { fuzzService, type FuzzOptions, type FuzzOutcome } from './fuzz-service.ts';
import { startTamperingProxy } from './tampering-proxy.ts';

/** In this order: what is fuzzed takes away what those before it needed, spots to be booked first of all. */
export const fuzzedServices = ['booking', 'parking-lot', 'identity'] as const;
export type FuzzedService = (typeof fuzzedServices)[number];

export interface PlatformFuzzOptions extends Pick<
  FuzzOptions,
  'schemathesis' | 'seed' | 'phases' | 'maxExamples' | 'maxSeconds' | 'firstOnly'
> {
  readonly service: FuzzedService;
  /** Name of a saboteur that stands before the service. */
  readonly sabotage?: string;
}

/** A provider of the demo data, who may also drive and administer: whoever is refused everything finds nothing. */
const caller = {
  sub: '01900000-0000-7000-8000-00000000b001',
  scopes: ['users', 'profile', 'spots', 'bookings'].flatMap((what) => [`${what}:read`, `${what}:write`]),
  roles: ['driver', 'provider', 'admin'],
};

/** Fuzzes one service of a platform that runs with its demo data. */
export const fuzzPlatform = async (
  platform: Platform,
  { service, sabotage, ...options }: PlatformFuzzOptions,
): Promise<FuzzOutcome> => {
  const token = await mintToken(platform, caller);
  const known = await knownValues(platform, token);
  const url = platform.url(service);
  if (sabotage === undefined) return fuzzService({ ...options, url, token, known });
  await using proxy = await startTamperingProxy(url, sabotage);
  return await fuzzService({ ...options, url: proxy.url, token, known });
};

const knownValues = async (platform: Platform, token: string): Promise<Record<string, string[]>> => {
  const idsOf = async (service: FuzzedService, path: string): Promise<string[]> => {
    const answer = await fetch(platform.url(service) + path, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${service} answered ${answer.status} to ${path}`);
    return ((await answer.json()) as { items: { id: string }[] }).items.map(({ id }) => id);
  };
  const [spotId, userId] = await Promise.all([
    idsOf('parking-lot', '/v1/me/spots?limit=10'),
    idsOf('identity', '/v1/users?limit=10'),
  ]);
  return { spotId, userId };
};
