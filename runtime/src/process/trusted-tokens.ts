import type { RuntimeSettings } from '../configuration/runtime-settings.ts';
import { createVerifier, type TrustedIssuer } from '../security/create-verifier.ts';
import type { TokenVerifier } from '../security/verified-token.ts';
import type { Clock } from './service-definition.ts';

/** The tokens that the settings say are to be trusted; undefined where they name no issuer. */
export const trustedTokens = (settings: RuntimeSettings, clock: Clock): TokenVerifier | undefined => {
  const { audience } = settings;
  const trusted = (issuer: string, jwksUrl: string): TrustedIssuer | undefined =>
    issuer === '' || jwksUrl === '' ? undefined : { issuer, audience, jwksUrl };
  const issuer = trusted(settings.issuer, settings.jwksUrl);
  const developmentIssuer = trusted(settings.developmentIssuer, settings.developmentJwksUrl);
  if (issuer === undefined && developmentIssuer === undefined) return undefined;
  return createVerifier({
    mode: settings.mode === 'development' ? 'development' : 'production',
    clock,
    ...(issuer && { issuer }),
    ...(developmentIssuer && { developmentIssuer }),
  });
};
