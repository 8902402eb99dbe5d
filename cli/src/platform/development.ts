import { startDevelopmentIssuer } from '@parkwise/runtime/platform';
import { machineSecret } from './machine-secret.ts';
import { ISSUER_OFFSET, type Platform } from './read-platform.ts';
import type { RunFiles } from './run-files.ts';
import type { Development } from './service-environment.ts';

/** Starts what takes the place of a real issuer on a developer's machine: services accept its tokens, and get their own from it. */
export const openDevelopment = async (
  platform: Platform,
  { files, secrets }: { readonly files: RunFiles; readonly secrets: Readonly<Record<string, string>> },
): Promise<Development & { close(): Promise<void> }> => {
  const issuer = await startDevelopmentIssuer({
    port: platform.portBase + ISSUER_OFFSET,
    audience: platform.security.audience ?? platform.name,
    directory: files.secrets,
    clients: secrets,
  });
  return { issuer, apiKeySecret: machineSecret(files.apiKeySecret), close: () => issuer.close() };
};
