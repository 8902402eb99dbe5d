/** What each connection is told before it is used. */
export interface SessionSettings {
  readonly lockWaitMs: number;
  /** How long a transaction may be open without a statement running, before the server ends it. */
  readonly idleTransactionMs: number;
  readonly queryTimeoutMs: number;
  readonly readOnly: boolean;
  /** Each statement belongs to a transaction that is ended by COMMIT or ROLLBACK alone: BEGIN is a round trip that can be spared. */
  readonly inTransactions: boolean;
}

/** SKIP LOCKED came with it. */
export const OLDEST = '10.6';

/** @param version as `SELECT VERSION()` says it: `10.11.19-MariaDB-log` */
export function isSupported(version: string): boolean {
  const [, major, minor] = /(\d+)\.(\d+)\.\d+[^\d]*mariadb/i.exec(version) ?? [];
  const [oldestMajor, oldestMinor] = OLDEST.split('.').map(Number) as [number, number];
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}

/** Nothing is cut off, rounded or made up in silence; `||` joins texts, as elsewhere. */
const SQL_MODE = [
  'STRICT_ALL_TABLES',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ZERO_DATE',
  'NO_ZERO_IN_DATE',
  'NO_AUTO_VALUE_ON_ZERO',
  'NO_ENGINE_SUBSTITUTION',
  'PIPES_AS_CONCAT',
].join();

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

export function sessionStatements(settings: SessionSettings): readonly string[] {
  const { lockWaitMs, idleTransactionMs, queryTimeoutMs, readOnly, inTransactions } = settings;
  const variables = {
    sql_mode: `'${SQL_MODE}'`,
    time_zone: `'+00:00'`,
    collation_connection: `'utf8mb4_nopad_bin'`,
    autocommit: inTransactions ? 0 : 1,
    default_storage_engine: `'InnoDB'`,
    innodb_lock_wait_timeout: seconds(lockWaitMs),
    idle_transaction_timeout: seconds(idleTransactionMs),
    // So that the server gives up, too, what nobody waits for any more.
    max_statement_time: queryTimeoutMs / 1000,
  };
  const assignments = Object.entries(variables).map(([name, value]) => `${name} = ${value}`);
  return [
    `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED${readOnly ? ', READ ONLY' : ''}`,
    `SET SESSION ${assignments.join(', ')}`,
  ];
}
