/** What a failure to connect means, and what to do about it. Messages of drivers name hosts and accounts, and no passwords. */
export interface ConnectionFault {
  readonly message: string;
  readonly hint: string;
}

interface Failure {
  readonly code?: string;
  readonly message: string;
  readonly cause?: unknown;
}

const causes: readonly {
  readonly matches: RegExp;
  readonly hint: (variable: string) => string;
}[] = [
  {
    matches: /ECONNREFUSED/,
    hint: (variable) => `Nothing listens there: start the server, or mend host and port in ${variable}.`,
  },
  { matches: /ENOTFOUND|EAI_AGAIN/, hint: (variable) => `The host is not known: mend its name in ${variable}.` },
  {
    matches: /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timed? ?out/i,
    hint: () => 'There was no answer in time: look at the network, the firewall, and whether the server hangs.',
  },
  {
    matches: /ER_ACCESS_DENIED|WRONGPASS|NOAUTH|SASL|authentication/i,
    hint: (variable) => `The account is refused: mend user and password in ${variable}.`,
  },
  {
    matches: /ER_BAD_DB|ER_DBACCESS_DENIED/,
    hint: () =>
      'The database is not there, or the account may not use it: create it and grant the account all privileges on it alone.',
  },
  {
    matches: /CERT|SELF_SIGNED|ERR_TLS|HANDSHAKE|altnames|SSL|EPROTO|ECONNRESET|NOPERM/i,
    hint: (variable) => `TLS or the account does not fit: mend tls, tlsCa and tlsServerName in ${variable}.`,
  },
];

/** @param variable the setting that holds the URL */
export const connectionFault = (error: unknown, variable: string): ConnectionFault => {
  const failure = (error instanceof Error ? error : new Error(String(error))) as Failure;
  const cause = failure.cause instanceof Error ? ` ${failure.cause.message}` : '';
  const text = `${failure.code ?? ''} ${failure.message}${cause}`;
  const known = causes.find(({ matches }) => matches.test(text));
  const message = `cannot be reached: ${failure.message || failure.code || 'no reason was given'}`;
  return { message, hint: known?.hint(variable) ?? `Look at the server's own log, and at ${variable}.` };
};
