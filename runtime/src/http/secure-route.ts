/** Who calls, and may they: the contract's alternatives of security schemes, scopes and roles. */
import type { RouteDefinition, SecurityAlternative, SecurityScheme } from './contract.ts';
import type { Auth } from './operation.ts';
import type { Exchange } from './exchange.ts';
import { cookiePairs } from './parameters/read-cookies.ts';
import { assignment, decodeForm, decodePercent } from './parameters/split-style.ts';
import { Problem } from './problem.ts';
import { ReadFault } from './request-fault.ts';
import { InvalidTokenError, type ApiKeys, type TokenVerifier } from '../security/verified-token.ts';

export interface SecurityServices {
  /** Names the protected space in `WWW-Authenticate`. */
  readonly realm: string;
  readonly tokens?: TokenVerifier | undefined;
  readonly apiKeys?: ApiKeys | undefined;
}

/** Where credentials stand. */
export type SecuredRequest = Pick<Exchange, 'request' | 'query'>;

/** Undefined when the operation lets everybody in and nobody showed credentials. Throws Problem 401 or 403. */
export type SecureRoute = (exchange: SecuredRequest) => Auth | undefined | Promise<Auth | undefined>;

type Check = 'absent' | 'invalid' | Auth;
type CheckScheme = (exchange: SecuredRequest) => Check | Promise<Check>;

export const compileSecurity = (
  route: Pick<RouteDefinition, 'operationId' | 'security' | 'roles'>,
  schemes: Readonly<Record<string, SecurityScheme>>,
  services: SecurityServices,
): SecureRoute => {
  if (route.security.length === 0) return () => undefined;
  const alternatives = route.security.map((alternative) => compileAlternative(alternative, schemes, services));
  const isOpen = alternatives.some(({ checks }) => checks.length === 0);
  const closed = alternatives.filter(({ checks }) => checks.length > 0);
  const challenge = challenges(route.security, schemes, services.realm);

  const admit = (auth: Auth): Auth => {
    if (route.roles && !route.roles.some((role) => auth.roles.includes(role))) throw new Problem('insufficient-role');
    return auth;
  };
  const refuse = (outcomes: readonly Outcome[]): undefined => {
    const lacking = outcomes.find((outcome) => outcome.kind === 'lacks-scope');
    const isInvalid = outcomes.some(({ kind }) => kind === 'invalid');
    // Without credentials an open operation is just open; with wrong ones the caller should know.
    if (isOpen && !route.roles && !isInvalid) return undefined;
    if (lacking) {
      const scope = lacking.scopes.join(' ');
      throw new Problem('insufficient-scope', {
        headers: {
          'www-authenticate': `Bearer realm="${services.realm}", error="insufficient_scope", scope="${scope}"`,
        },
      });
    }
    throw isInvalid
      ? new Problem('invalid-credentials', { headers: { 'www-authenticate': challenge('invalid_token') } })
      : new Problem('authentication-required', { headers: { 'www-authenticate': challenge() } });
  };
  const decide = (outcomes: readonly Outcome[]): Auth | undefined => {
    for (const outcome of outcomes) if (outcome.kind === 'holds') return admit(outcome.auth);
    return refuse(outcomes);
  };

  const [only] = closed;
  const [check] = only?.checks ?? [];
  if (closed.length === 1 && only && only.checks.length === 1 && check) {
    const settle = (result: Check): Auth | undefined => decide([combine(only, [result])]);
    return (exchange) => {
      const result = check(exchange);
      return result instanceof Promise ? result.then(settle) : settle(result);
    };
  }
  return async (exchange) => {
    const outcomes: Outcome[] = [];
    for (const alternative of closed) {
      const outcome = combine(alternative, await Promise.all(alternative.checks.map((check) => check(exchange))));
      outcomes.push(outcome);
      if (outcome.kind === 'holds') break;
    }
    return decide(outcomes);
  };
};

interface Alternative {
  readonly checks: readonly CheckScheme[];
  readonly scopes: readonly (readonly string[])[];
}

type Outcome =
  | { readonly kind: 'holds'; readonly auth: Auth }
  | { readonly kind: 'absent' | 'invalid' }
  | { readonly kind: 'lacks-scope'; readonly scopes: readonly string[] };

const compileAlternative = (
  alternative: SecurityAlternative,
  schemes: Readonly<Record<string, SecurityScheme>>,
  services: SecurityServices,
): Alternative => ({
  checks: Object.keys(alternative).map((name) =>
    compileScheme(name, Object.hasOwn(schemes, name) ? schemes[name] : undefined, services),
  ),
  scopes: Object.values(alternative),
});

/** All schemes must hold. The caller is whom the first names; scopes and roles of all count together. */
const combine = ({ scopes }: Alternative, results: readonly Check[]): Outcome => {
  const auths: Auth[] = [];
  for (const result of results) {
    if (typeof result === 'string') return { kind: results.includes('invalid') ? 'invalid' : 'absent' };
    auths.push(result);
  }
  const missing = scopes.flatMap((wanted, index) => wanted.filter((scope) => !auths[index]?.scopes.includes(scope)));
  if (missing.length > 0) return { kind: 'lacks-scope', scopes: scopes.flat() };
  const [first, ...others] = auths;
  if (!first) return { kind: 'absent' };
  if (others.length === 0) return { kind: 'holds', auth: first };
  const bearer = auths.find((auth) => Object.keys(auth.claims).length > 0) ?? first;
  const union = (part: 'scopes' | 'roles') => [...new Set(auths.flatMap((auth) => auth[part]))];
  return { kind: 'holds', auth: { ...bearer, scopes: union('scopes'), roles: union('roles') } };
};

const compileScheme = (
  name: string,
  scheme: SecurityScheme | undefined,
  { tokens, apiKeys }: SecurityServices,
): CheckScheme => {
  if (!scheme) throw new Error(`The security scheme ${name} is not declared`);
  if (scheme.kind === 'bearer') return (exchange) => checkBearer(name, exchange, tokens);
  return (exchange) => {
    const key = apiKeyOf(scheme, exchange);
    if (key === undefined || key === '') return 'absent';
    const holder = apiKeys?.find(name, key);
    if (!holder) return 'invalid';
    return { subject: holder.name, scopes: holder.scopes, roles: holder.roles, scheme: name, claims: {} };
  };
};

const bearer = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

const checkBearer = (
  scheme: string,
  { request }: SecuredRequest,
  tokens: TokenVerifier | undefined,
): Check | Promise<Check> => {
  const header = request.headers.authorization;
  if (header === undefined || !/^bearer(?: |$)/i.test(header)) return 'absent';
  const token = bearer.exec(header)?.[1];
  if (token === undefined || !tokens) return 'invalid';
  const invalid = (error: unknown): 'invalid' => {
    if (error instanceof InvalidTokenError) return 'invalid';
    throw error;
  };
  try {
    const verified = tokens.verify(token);
    return verified instanceof Promise
      ? verified.then((token) => ({ ...token, scheme }), invalid)
      : { ...verified, scheme };
  } catch (error) {
    return invalid(error);
  }
};

const apiKeyOf = (
  scheme: Extract<SecurityScheme, { kind: 'apiKey' }>,
  { request, query }: SecuredRequest,
): string | undefined => {
  if (scheme.in === 'header') {
    const value = request.headers[scheme.name.toLowerCase()];
    return typeof value === 'string' ? value : undefined;
  }
  const pairs = scheme.in === 'query' ? query.split('&').map(assignment) : cookiePairs(request.headers.cookie);
  const decode = scheme.in === 'query' ? decodeForm : decodePercent;
  try {
    const own = pairs.filter(
      ([name]) => name === scheme.name || (name.includes('%') && decode(name, '') === scheme.name),
    );
    return own.length === 1 ? decode(own[0]?.[1] ?? '', '') : undefined;
  } catch (error) {
    // What is not even text is no key; the query's own check says the rest.
    if (error instanceof ReadFault) return undefined;
    throw error;
  }
};

/** One challenge per scheme that the operation knows (RFC 9110 section 11.6.1, RFC 6750 section 3). */
const challenges = (
  security: readonly SecurityAlternative[],
  schemes: Readonly<Record<string, SecurityScheme>>,
  realm: string,
) => {
  const names = [...new Set(security.flatMap((alternative) => Object.keys(alternative)))];
  return (error?: string): string =>
    names
      .map((name) => {
        const scheme = schemes[name];
        if (scheme?.kind === 'apiKey') return `ApiKey realm="${realm}", in="${scheme.in}", name="${scheme.name}"`;
        return `Bearer realm="${realm}"${error ? `, error="${error}"` : ''}`;
      })
      .join(', ');
};
