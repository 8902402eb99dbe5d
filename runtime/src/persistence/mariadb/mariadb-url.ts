import { readFileSync } from 'node:fs';

/** What a URL of the form `mysql://user:password@host:3306/database?tls=true&tlsCa=/ca.pem` says. */
export interface MariadbAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Empty: none, as an administrator connects. */
  readonly database: string;
  readonly tls?: MariadbTls;
}

/** The certificate of the server is always checked, its name included. */
export interface MariadbTls {
  /** Certificates of the authorities to trust, instead of the well-known ones. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name that the certificate must have; that of the host if left out. */
  readonly serverName?: string;
}

const OPTIONS = ['tls', 'tlsCa', 'tlsCert', 'tlsKey', 'tlsServerName'];

/** The URL without what is secret in it, for messages. */
export function withoutPassword(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed ? `mysql://${parsed.username && `${parsed.username}@`}${parsed.host}${parsed.pathname}` : 'mysql:…';
}

/** @throws Error that says what is wrong with the URL, without its password */
export function mariadbAddress(url: string): MariadbAddress {
  const wrong = (what: string): Error => new Error(`The URL ${withoutPassword(url)} ${what}`);
  if (!URL.canParse(url)) throw wrong('is not of the form mysql://user:password@host:3306/database');
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const unknown = [...searchParams.keys()].find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw wrong(`has the option "${unknown}"; known are ${OPTIONS.join(', ')}`);
  if (hostname === '' || username === '') throw wrong('must name a user and a host');
  const database = decodeURIComponent(pathname.slice(1));
  if (database.includes('/')) throw wrong('must end in the name of one database');
  const tls = readTls(searchParams, wrong);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 3306 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database,
    ...(tls && { tls }),
  };
}

function readTls(options: URLSearchParams, wrong: (what: string) => Error): MariadbTls | undefined {
  const wanted = options.get('tls') ?? 'false';
  if (wanted !== 'true' && wanted !== 'false') throw wrong('must have tls=true or tls=false');
  if (wanted === 'false') {
    if ([...options.keys()].some((name) => name !== 'tls')) throw wrong('has options of TLS and not tls=true');
    return undefined;
  }
  const file = (option: string): string | undefined => {
    const path = options.get(option);
    if (path === null) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      throw wrong(`names the file ${path} as ${option}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const [ca, cert, key] = [file('tlsCa'), file('tlsCert'), file('tlsKey')];
  const serverName = options.get('tlsServerName') ?? undefined;
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { serverName }),
  };
}
