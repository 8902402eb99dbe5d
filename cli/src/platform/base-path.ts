import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformService } from './read-platform.ts';

interface Served {
  readonly servers?: readonly { readonly url?: string }[];
}

/** The path under which the service's operations are, as its generated document says; '' if there is none. */
export const basePath = ({ directory }: Pick<PlatformService, 'directory'>): string => {
  let document: Served;
  try {
    document = JSON.parse(
      readFileSync(join(directory, 'src', 'generated', 'documents', 'openapi.json'), 'utf8'),
    ) as Served;
  } catch {
    return ''; // a service without operations
  }
  const url = document.servers?.[0]?.url ?? '';
  // A host may be a variable, so it is no URL yet.
  const path = url.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, '').replace(/[?#].*$/, '');
  return path.replace(/\/+$/, '').replace(/^(?=[^/])/, '/');
};
