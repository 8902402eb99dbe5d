/** Ports between HTTP and whatever knows tokens and keys. */

/** A token that passed every check. */
export interface VerifiedToken {
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface TokenVerifier {
  /**
   * At once when the token is known, otherwise after its signature was checked.
   * @throws InvalidTokenError when it is not to be accepted; any other error is an outage (its keys cannot be fetched)
   */
  verify(token: string): VerifiedToken | Promise<VerifiedToken>;
}

/** The token is malformed, expired, signed by a stranger or not meant for this service. The reason is for the log. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

export interface ApiKeyHolder {
  /** Becomes the caller's subject. */
  readonly name: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
}

export interface ApiKeys {
  /** Whose key it is under this security scheme. */
  find(scheme: string, key: string): ApiKeyHolder | undefined;
}

/** The issuer's keys cannot be had: nothing is known about the token, and the caller may try again. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}
