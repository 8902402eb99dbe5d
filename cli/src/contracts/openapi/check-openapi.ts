import type { FindingList } from '../../source/finding-list.ts';
import { textAt } from '../bundle/bundle.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { checkBodies } from './check-bodies.ts';
import { checkRequestBounds } from './check-bounds.ts';
import { checkExtensions } from './check-extensions.ts';
import { checkParameters } from './check-parameters.ts';
import { checkPaths } from './check-paths.ts';
import { checkReplies } from './check-replies.ts';
import { checkOperationSecurity, checkSecuritySchemes } from './check-security.ts';
import { operationPlaces } from './read-operations.ts';

/** What a rule of an operation needs. */
export interface OpenApiContext {
  readonly bundle: Bundle;
  readonly findings: FindingList;
}

/** All rules for OpenAPI documents that the grammar cannot say. */
export const checkOpenApi = (bundle: Bundle, findings: FindingList): void => {
  const context = { bundle, findings };
  checkDialect(context);
  checkServers(context);
  checkSecuritySchemes(context);
  checkPaths(context);
  checkRequestBounds(context);
  for (const place of operationPlaces(bundle)) {
    checkOperationSecurity(place, context);
    checkParameters(place, context);
    checkBodies(place, context);
    checkReplies(place, context);
    checkExtensions(place, context);
  }
};

const checkDialect = ({ bundle, findings }: OpenApiContext): void => {
  const dialect = textAt(bundle.root, 'jsonSchemaDialect');
  const isKnown =
    /^https:\/\/(spec\.openapis\.org\/oas\/3\.1\/dialect\/(base|\d{4}-\d\d-\d\d)|json-schema\.org\/draft\/2020-12\/schema)$/;
  if (dialect === undefined || isKnown.test(dialect)) return;
  findings.error('construct-not-carried', bundle.places.atValue(bundle.root, 'jsonSchemaDialect'), {
    message: `The dialect ${dialect} is not carried into code.`,
    hint: 'Remove it: schemas are read as JSON Schema 2020-12, the default of OpenAPI 3.1.',
  });
};

const checkServers = ({ bundle, findings }: OpenApiContext): void => {
  const servers = bundle.items(bundle.document, 'servers');
  const pathOf = (url: string): string => url.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, '').replace(/\/+$/, '');
  const first = textAt(servers[0]?.value ?? {}, 'url');
  for (const { value } of servers) {
    const url = textAt(value, 'url') ?? '';
    if (/[{}]/.test(pathOf(url))) {
      findings.error('construct-not-carried', bundle.places.atValue(value, 'url'), {
        message: 'A variable in the path of a server is not carried into code.',
        hint: 'Write the path out.',
      });
    } else if (first !== undefined && pathOf(url) !== pathOf(first)) {
      findings.warning('other-base-path', bundle.places.atValue(value, 'url'), {
        message: `The path of this server differs from that of the first, which alone counts.`,
        hint: `Let all servers end in "${pathOf(first)}".`,
      });
    }
  }
};
