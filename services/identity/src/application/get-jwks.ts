import type { GetJwks } from '../generated/operations.ts';
import type { SigningKeys } from './ports.ts';

export const getJwks =
  ({ signingKeys }: { signingKeys: SigningKeys }): GetJwks =>
  async ({ reply }) => {
    const published = await signingKeys.published();
    const keys = published.map(
      ({ id, x, y }) => ({ kty: 'EC', use: 'sig', alg: 'ES256', kid: id, crv: 'P-256', x, y }) as const,
    );
    return reply.ok({ keys }, { cacheControl: 'public, max-age=300' });
  };
