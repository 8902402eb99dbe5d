import type { RouteDefinition, SecurityScheme } from '../http/contract.ts';
import { mintDevelopmentApiKey } from '../security/development-api-keys.ts';
import type { Credentials } from './operation-clients.ts';
import type { TestUser } from './test-service.ts';

interface CredentialsOptions {
  readonly schemes: Readonly<Record<string, SecurityScheme>>;
  /** Signs the API keys. */
  readonly secret: string;
  readonly token: (user: TestUser) => Promise<string>;
}

type Secured = Pick<RouteDefinition, 'security'>;

/** What a user shows to an operation: the schemes of one of its alternatives, all for the same subject. */
export const credentialsOf =
  ({ schemes, secret, token }: CredentialsOptions) =>
  async (route: Secured, user: TestUser): Promise<Credentials> => {
    const shown = {
      headers: {} as Record<string, string>,
      query: {} as Record<string, string>,
      cookies: {} as Record<string, string>,
    };
    const names = user.schemes ?? usual(route, schemes);
    for (const name of names) {
      const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined;
      if (!scheme) throw new Error(`the contract has no security scheme "${name}"; it has: ${known(schemes)}`);
      if (scheme.kind === 'bearer') shown.headers['authorization'] = `Bearer ${await token(user)}`;
      else {
        const { sub, scopes = [], roles = [] } = user;
        const key = mintDevelopmentApiKey(secret, { name: sub, scopes, roles });
        shown[PLACES[scheme.in]][scheme.name] = key;
      }
    }
    // Where nobody is asked for anything, a token does no harm, and may be looked at.
    if (user.schemes === undefined && names.length === 0)
      shown.headers['authorization'] = `Bearer ${await token(user)}`;
    return shown;
  };

const PLACES = { header: 'headers', query: 'query', cookie: 'cookies' } as const;

const known = (schemes: CredentialsOptions['schemes']): string => Object.keys(schemes).join(', ') || 'none';

/** The first alternative with a bearer token, else the first that asks for anything. */
const usual = ({ security }: Secured, schemes: CredentialsOptions['schemes']): readonly string[] => {
  const closed = security.map((alternative) => Object.keys(alternative)).filter((names) => names.length > 0);
  return closed.find((names) => names.some((name) => schemes[name]?.kind === 'bearer')) ?? closed[0] ?? [];
};
