import { ConfigurationError } from '../configuration/configuration-error.ts';
import type { RuntimeSettings } from '../configuration/runtime-settings.ts';
import { createApiKeys, parseApiKeys } from '../security/api-keys.ts';
import { isHashOfDefault } from '../security/hash-of-default.ts';
import { developmentApiKeys } from '../security/development-api-keys.ts';
import type { ApiKeys } from '../security/verified-token.ts';

/**
 * The API keys that the settings say are to be accepted; undefined where they name none.
 *
 * @throws ConfigurationError when the list cannot be read, without any of it
 */
export const knownApiKeys = (settings: RuntimeSettings): ApiKeys | undefined => {
  const sources: ApiKeys[] = [];
  if (settings.apiKeys !== '') sources.push(createApiKeys(readKeys(settings)));
  if (settings.mode === 'development' && settings.developmentApiKeySecret !== '')
    sources.push(developmentApiKeys(settings.developmentApiKeySecret));
  if (sources.length === 0) return undefined;
  return {
    find(scheme, key) {
      for (const source of sources) {
        const holder = source.find(scheme, key);
        if (holder) return holder;
      }
      return undefined;
    },
  };
};

const readKeys = ({ apiKeys, mode }: RuntimeSettings) => {
  try {
    const keys = parseApiKeys(apiKeys);
    const weak = mode === 'development' ? -1 : keys.findIndex(({ name, sha256 }) => isHashOfDefault(sha256, name));
    if (weak === -1) return keys;
    const expected = `keys that are no well-known default and not their holder's name (key ${weak + 1} is one)`;
    throw new ConfigurationError([{ name: 'PARKWISE_API_KEYS', problem: 'weak', expected }]);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    // Its messages say which entry is wrong and hold nothing of it.
    const expected = `a JSON array of {name, sha256, scheme?, scopes?, roles?} (${error instanceof Error ? error.message : 'unreadable'})`;
    throw new ConfigurationError([{ name: 'PARKWISE_API_KEYS', problem: 'invalid', expected }]);
  }
};
