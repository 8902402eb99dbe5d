import type { ConfigurationOf } from '@parkwise/runtime';
import type { configuration } from './configuration.ts';
import type { RefreshPolicy } from './domain/refresh-token.ts';
import type { SignInLimit } from './domain/sign-in-window.ts';
import type { RotationPolicy } from './domain/signing-key.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long a token may live at most (RFC 9068 leaves it open; ours cannot be revoked), and how far clocks may differ. */
const LONGEST_TOKEN = 10 * MINUTE;
const CLOCK_SKEW = MINUTE;
/** Longer than anybody keeps a key set: five minutes by our own `Cache-Control`, ten in the runtime's verifier. */
const SHORTEST_AHEAD = 15 * MINUTE;

export interface Policies {
  readonly accessTokenSeconds: number;
  readonly rotation: RotationPolicy;
  readonly refresh: RefreshPolicy;
  readonly perAccount: SignInLimit;
  readonly perAddress: SignInLimit;
}

/**
 * The rules that the settings make, checked against each other.
 *
 * @throws Error that names every setting that is out of bounds
 */
export function policiesOf(config: ConfigurationOf<typeof configuration>): Policies {
  const { accessTokenLifetime, keyRotation, keyPublishAhead, refreshTokenIdle, refreshTokenTotal, signInWindow } =
    config;
  const faults = [
    outside('ACCESS_TOKEN_LIFETIME', accessTokenLifetime, MINUTE, LONGEST_TOKEN),
    outside('KEY_PUBLISH_AHEAD', keyPublishAhead, SHORTEST_AHEAD, 24 * HOUR),
    outside('KEY_ROTATION', keyRotation, 2 * keyPublishAhead, 400 * 24 * HOUR),
    outside('REFRESH_TOKEN_IDLE', refreshTokenIdle, MINUTE, refreshTokenTotal),
    outside('REFRESH_TOKEN_TOTAL', refreshTokenTotal, refreshTokenIdle, 400 * 24 * HOUR),
    outside('SIGN_IN_WINDOW', signInWindow, SECOND, 24 * HOUR),
    (config.firstAdminEmail === '') === (config.firstAdminPassword === '')
      ? ''
      : 'IDENTITY_FIRST_ADMIN_EMAIL and IDENTITY_FIRST_ADMIN_PASSWORD go together',
  ].filter((fault) => fault !== '');
  if (faults.length > 0) throw new Error(faults.join('; '));
  return {
    accessTokenSeconds: Math.floor(accessTokenLifetime / SECOND),
    rotation: { rotateEveryMs: keyRotation, publishAheadMs: keyPublishAhead, keepMs: LONGEST_TOKEN + CLOCK_SKEW },
    refresh: { idleMs: refreshTokenIdle, totalMs: refreshTokenTotal },
    perAccount: { attempts: config.signInsPerAccount, windowMs: signInWindow },
    perAddress: { attempts: config.signInsPerAddress, windowMs: signInWindow },
  };
}

const outside = (setting: string, value: number, least: number, most: number): string =>
  value >= least && value <= most
    ? ''
    : `IDENTITY_${setting} is ${value / SECOND} s, which is not from ${least / SECOND} to ${most / SECOND} s`;
