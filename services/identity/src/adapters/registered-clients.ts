import { createHash, timingSafeEqual } from 'node:crypto';
import type { Sql } from '@parkwise/runtime';
import type { RegisteredClients } from '../application/ports.ts';
import { serviceScopes, type Scope } from '../domain/scope.ts';
import { serviceClients } from './tables.ts';

/** One entry of `IDENTITY_SERVICE_CLIENTS`. */
interface Entry {
  readonly id: string;
  readonly secret: string;
  readonly scopes: readonly Scope[];
}

interface Needs {
  readonly firstParty: string;
  /** `IDENTITY_SERVICE_CLIENTS`, as it stands there. */
  readonly services: string;
  readonly sql: Sql;
}

/**
 * The first-party application, which has no secret since it runs in people's hands, and services, named by the settings or in the
 * table. Their secrets are random and so long that a fast hash does.
 *
 * @throws Error that says what is wrong with the list of services
 */
export const registeredClients = ({ firstParty, services, sql }: Needs): RegisteredClients => {
  const configured = new Map(
    entries(services).map(({ id, secret, scopes }) => [id, { id, scopes, secretHash: hashOf(secret) }]),
  );
  if (configured.has(firstParty))
    throw new Error(`IDENTITY_SERVICE_CLIENTS names the first-party client ${firstParty}`);
  const find = async (id: string) => configured.get(id) ?? serviceClients.first(sql, { id });
  const nobodys = hashOf('');
  return {
    async kindOf(id) {
      if (id === firstParty) return 'first-party';
      return (await find(id)) && 'service';
    },
    async authenticate(id, secret) {
      const found = id === firstParty ? undefined : await find(id);
      const matches = timingSafeEqual(Buffer.from(found?.secretHash ?? nobodys), Buffer.from(hashOf(secret)));
      return matches && found ? { id, scopes: found.scopes } : undefined;
    },
    async add(tx, { id, scopes }, secret) {
      await serviceClients.insert(tx, { id, scopes, secretHash: hashOf(secret) });
    },
  };
};

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const SHORTEST_SECRET = 24;

function entries(text: string): readonly Entry[] {
  if (text.trim() === '') return [];
  const wrong = (what: string): Error => new Error(`IDENTITY_SERVICE_CLIENTS ${what}`);
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    // The parser's message quotes the text, and with it a secret.
    throw wrong(`is not JSON (${error instanceof Error ? error.name : 'unreadable'})`);
  }
  if (!Array.isArray(list)) throw wrong('is not a list of {"id", "secret", "scopes"}');
  const ids = new Set<string>();
  return list.map((entry: Partial<Entry> | null, index) => {
    const { id, secret, scopes } = entry ?? {};
    if (typeof id !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(id)) throw wrong(`has no good id at ${index}`);
    if (ids.has(id)) throw wrong(`names ${id} twice`);
    ids.add(id);
    if (typeof secret !== 'string' || secret.length < SHORTEST_SECRET || secret.length > 256)
      throw wrong(`has a secret for ${id} that is not of ${SHORTEST_SECRET} to 256 characters`);
    const isList = Array.isArray(scopes) && scopes.length > 0 && scopes.every((scope) => serviceScopes.includes(scope));
    if (!isList) throw wrong(`gives ${id} scopes other than ${serviceScopes.join(' ')}`);
    return { id, secret, scopes };
  });
}
