import { didYouMean } from '../../source/did-you-mean.ts';
import { isObject } from '../../source/structure-reader.ts';
import { textAt } from '../bundle/bundle.ts';
import type { Fields, Part } from '../bundle/bundle.ts';
import type { OpenApiContext } from './check-openapi.ts';
import { scopesOf } from './read-operations.ts';
import type { OperationPlace } from './read-operations.ts';

const schemesOf = ({ bundle }: OpenApiContext): readonly (readonly [string, Part])[] => {
  const components = bundle.object(bundle.document, 'components');
  return components ? bundle.entries(components, 'securitySchemes') : [];
};

const neededFields: Readonly<Record<string, readonly string[]>> = {
  apiKey: ['name', 'in'],
  http: ['scheme'],
  oauth2: ['flows'],
  openIdConnect: ['openIdConnectUrl'],
};

/** Which kinds of security are carried, and that each says what its kind needs. */
export const checkSecuritySchemes = (context: OpenApiContext): void => {
  const { bundle, findings } = context;
  for (const [name, { value }] of schemesOf(context)) {
    const type = textAt(value, 'type') ?? '';
    for (const field of neededFields[type] ?? []) {
      if (Object.hasOwn(value, field)) continue;
      findings.error('missing-field', bundle.places.at(value), {
        message: `The security scheme "${name}" of type ${type} has no "${field}".`,
        hint: `Add "${field}".`,
      });
    }
    const scheme = textAt(value, 'scheme');
    const isOther =
      type === 'mutualTLS' || (type === 'http' && scheme !== undefined && scheme.toLowerCase() !== 'bearer');
    if (!isOther) continue;
    findings.error('construct-not-carried', bundle.places.at(value, type === 'http' ? 'scheme' : 'type'), {
      message: `Security by ${type === 'http' ? `HTTP ${String(scheme)}` : 'mutual TLS'} is not carried into code.`,
      hint: 'Use oauth2, openIdConnect, http with scheme bearer, or apiKey.',
    });
  }
};

/** Deny by default: an operation says who may call it, if only that everybody may. */
export const checkOperationSecurity = ({ part, method, path }: OperationPlace, context: OpenApiContext): void => {
  const { bundle, findings } = context;
  const own = Array.isArray(part.value['security']) ? part.value : undefined;
  const holder = own ?? (Array.isArray(bundle.root['security']) ? bundle.root : undefined);
  if (!holder) {
    if (Object.hasOwn(part.value, 'security')) return;
    findings.error('operation-security', bundle.places.at(part.value), {
      message: `Who may call ${method.toUpperCase()} ${path} is not said.`,
      hint: 'Add "security" with a scheme and its scopes, or "security: []" for everybody.',
    });
    return;
  }
  for (const requirement of holder['security'] as readonly unknown[])
    if (isObject(requirement)) checkRequirement(requirement, context);
};

const checkRequirement = (requirement: Fields, context: OpenApiContext): void => {
  const { bundle, findings } = context;
  const schemes = schemesOf(context);
  for (const [name, scopes] of Object.entries(requirement)) {
    const scheme = schemes.find(([other]) => other === name)?.[1];
    if (!scheme) {
      findings.error('unknown-security-scheme', bundle.places.at(requirement, name), {
        message: `There is no security scheme "${name}".${didYouMean(
          name,
          schemes.map(([other]) => other),
        )}`,
        hint: 'Describe it under components.securitySchemes.',
      });
      continue;
    }
    const { type } = scheme.value;
    const known = type === 'oauth2' ? Object.keys(scopesOf(bundle.object(scheme, 'flows'), bundle)) : undefined;
    if (!Array.isArray(scopes)) continue;
    scopes.forEach((scope: unknown, index) => {
      if (type === 'apiKey') {
        findings.error('unknown-scope', bundle.places.at(scopes, index), {
          message: `An API key has no scopes, so that "${String(scope)}" means nothing.`,
          hint: 'Write an empty list.',
        });
      } else if (known && typeof scope === 'string' && !known.includes(scope)) {
        findings.error('unknown-scope', bundle.places.at(scopes, index), {
          message: `The security scheme "${name}" has no scope "${scope}".${didYouMean(scope, known)}`,
          hint: 'Describe it in the flows of the scheme.',
        });
      }
    });
  }
};
