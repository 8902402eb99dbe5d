import type { Service, Workspace } from '../../model/workspace.ts';

/** A file that a container is given under `/run/secrets/`. */
export interface SecretFile {
  /** Under `secrets/`, where compose.yaml looks for it. */
  readonly name: string;
  /** What it holds; `own` ones only their service understands. */
  readonly holds: 'password' | 'database-url' | 'client-secret' | 'redis-url' | 'own';
  /** Whose it is; absent for those of servers. */
  readonly service?: string;
  /** Setting of the service that it is given by. */
  readonly setting?: string;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const databaseSecret = (service: string): string => `${service}-database-url`;
export const clientSecret = (service: string): string => `${service}-client-secret`;
export const ownSecret = (service: string, setting: string): string => `${service}-${kebab(setting)}`;
export const ROOT_PASSWORD = 'mariadb-root-password';
export const REDIS_URL = 'redis-url';

/** All secrets of the workspace's containers, by name. */
export const secretFiles = (
  services: readonly (Pick<Service, 'name' | 'store' | 'secrets'> & { readonly calls: readonly unknown[] })[],
): readonly SecretFile[] => {
  const files = services.flatMap(({ name: service, store, calls, secrets }): SecretFile[] => [
    ...(store === 'sql' ? [{ name: databaseSecret(service), holds: 'database-url', service } as const] : []),
    ...(calls.length > 0 ? [{ name: clientSecret(service), holds: 'client-secret', service } as const] : []),
    ...secrets.map((setting) => ({ name: ownSecret(service, setting), holds: 'own', service, setting }) as const),
  ]);
  const hasDatabase = services.some(({ store }) => store === 'sql');
  return [
    ...(hasDatabase ? [{ name: ROOT_PASSWORD, holds: 'password' } as const] : []),
    { name: REDIS_URL, holds: 'redis-url' } as const,
    ...files,
  ].toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

/** One database and one account for each service. */
export const databaseName = ({ name }: Pick<Workspace, 'name'>, service: string): string => `${name}_${service}`;
