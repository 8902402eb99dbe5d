import type { Clock } from '../process/service-definition.ts';
import { createVerifier } from '../security/create-verifier.ts';
import { openDevelopmentIssuer } from '../security/development-issuer.ts';
import type { TokenVerifier } from '../security/verified-token.ts';
import type { TestUser } from './test-service.ts';

export interface TestTokens {
  readonly issuer: string;
  /** The verifier that services have in earnest, which trusts this test's key alone. */
  readonly verifier: TokenVerifier;
  mint(user: TestUser): Promise<string>;
}

/** Tokens signed by a key of this test's own, kept in `folder`. */
export const testTokens = async (options: {
  readonly folder: string;
  readonly audience: string;
  readonly clock: Clock;
}): Promise<TestTokens> => {
  const { folder: directory, audience, clock } = options;
  const issuer = await openDevelopmentIssuer({ directory, issuer: 'http://issuer.invalid', audience, clock });
  const verifier = createVerifier({
    mode: 'development',
    developmentIssuer: { issuer: issuer.issuer, audience, jwksUrl: `${issuer.issuer}/jwks.json` },
    clock,
    fetch: async () => Response.json(issuer.jwks),
  });
  return {
    issuer: issuer.issuer,
    verifier,
    mint: ({ sub, scopes = [], roles = [], claims = {} }) => issuer.mint({ subject: sub, scopes, roles, claims }),
  };
};
