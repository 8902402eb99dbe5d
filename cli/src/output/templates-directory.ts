import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** In a checkout beside the packages, in the published package within it. */
export const templatesDirectory = (): string => {
  const here = fileURLToPath(new URL('.', import.meta.url));
  for (const candidate of [join(here, '../../../templates'), join(here, '../../templates')]) {
    if (existsSync(join(candidate, 'asyncapi', 'package.json'))) return candidate;
  }
  throw new Error('the templates are missing from this installation of parkwise');
};
