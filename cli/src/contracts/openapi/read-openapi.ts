import type { HttpContract, SecuritySchemeModel } from '../../model/workspace.ts';
import { textAt } from '../bundle/bundle.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { readOperations, scopesOf } from './read-operations.ts';

/** The model of a document that has been checked. */
export const readOpenApi = (bundle: Bundle): HttpContract => ({
  file: bundle.file,
  basePath: basePathOf(bundle),
  document: bundle.root,
  securitySchemes: readSecuritySchemes(bundle),
  operations: readOperations(bundle),
});

/** Path of the first server URL, without a slash at its end. */
export const basePathOf = (bundle: Bundle): string => {
  const url = textAt(bundle.items(bundle.document, 'servers')[0]?.value ?? {}, 'url') ?? '';
  const path = url.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, '').replace(/[?#].*$/, '');
  return path.replace(/\/+$/, '').replace(/^(?=[^/])/, '/');
};

const readSecuritySchemes = (bundle: Bundle): readonly SecuritySchemeModel[] => {
  const components = bundle.object(bundle.document, 'components');
  const schemes = components ? bundle.entries(components, 'securitySchemes') : [];
  return schemes
    .flatMap(([name, part]): readonly SecuritySchemeModel[] => {
      const { value } = part;
      if (value['type'] === 'apiKey') {
        const place = value['in'] as 'header' | 'query' | 'cookie';
        return [{ name, kind: 'apiKey', in: place, parameter: textAt(value, 'name') ?? '' }];
      }
      return [{ name, kind: 'bearer', scopes: scopesOf(bundle.object(part, 'flows'), bundle) }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
};
