import { mintDevelopmentApiKey, mintDevelopmentToken } from '@parkwise/runtime/platform';
import { machineSecret } from './machine-secret.ts';
import { ISSUER_OFFSET, readPlatform } from './read-platform.ts';
import { runFiles } from './run-files.ts';
import { readRunning } from './run-state.ts';

export interface MintOptions {
  readonly root: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  readonly audience?: string;
  /** Of the `up` that shall accept it; that of the one that runs if left out. */
  readonly portBase?: number;
}

/** A token of the workspace's development issuer, good for ten minutes, whether the platform is up or not. */
export const mintToken = async ({ root, subject, scopes, roles, ...options }: MintOptions): Promise<string> => {
  const files = runFiles(root);
  const portBase = options.portBase ?? readRunning(files)?.portBase;
  const platform = readPlatform(root, portBase === undefined ? {} : { portBase });
  const audience = options.audience ?? platform.security.audience ?? platform.name;
  const issuer = { directory: files.secrets, port: platform.portBase + ISSUER_OFFSET, audience };
  return mintDevelopmentToken(issuer, { subject, scopes: each(scopes), roles });
};

/** An API key that the services of the workspace accept for whatever scheme; it lasts as long as `.parkwise/secrets`. */
export const mintApiKey = ({ root, subject, scopes, roles }: Omit<MintOptions, 'audience' | 'portBase'>): string =>
  mintDevelopmentApiKey(machineSecret(runFiles(root).apiKeySecret), { name: subject, scopes: each(scopes), roles });

const each = (scopes: readonly string[]): readonly string[] => scopes.flatMap((scope) => scope.split(/[\s,]+/));
