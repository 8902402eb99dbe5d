import { createHash } from 'node:crypto';
import type { IdempotencyRequest, StoredAnswer, TakenKey } from '../http/unit-of-work.ts';
import { internalsOf } from './database-dialect.ts';
import { idempotencyKeys } from './runtime-tables.ts';
import { insertRow, run, type Statement } from './statements.ts';
import type { Sql, Tx } from './tx.ts';

/** One row per (subject, method, route, key); the lengths of these would not fit into an index of every database. */
export const idempotencyId = ({ subject, method, route, key }: IdempotencyRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([subject, method, route, key]))
    .digest('hex');

/** Whether the key is known, and what that means for this request. A key older than `notBefore` is as good as gone. */
export async function lookUpKey(
  sql: Sql,
  id: string,
  request: IdempotencyRequest,
  notBefore: Date,
): Promise<TakenKey | undefined> {
  const row = await idempotencyKeys.first(sql, { id });
  if (!row || row.createdAt < notBefore) return undefined;
  if (row.fingerprint !== request.fingerprint) return { outcome: 'mismatch' };
  return row.answer === undefined ? { outcome: 'busy' } : { outcome: 'replay', answer: row.answer as StoredAnswer };
}

export interface KeyTimes {
  readonly now: Date;
  readonly notBefore: Date;
  /** How long to wait for another process that has taken the key and not yet committed. */
  readonly waitMs: number;
}

/**
 * First statement of the business transaction: takes the key, with the answer if there is one already, or says why it cannot be had.
 * Of two processes that insert it at once, the database lets the second wait for the end of the first.
 */
export async function takeKey(
  tx: Tx,
  id: string,
  request: IdempotencyRequest & { readonly answer?: StoredAnswer },
  { now, notBefore, waitMs }: KeyTimes,
): Promise<TakenKey | undefined> {
  const { dialect } = internalsOf(tx.knex);
  const { columns } = idempotencyKeys;
  const wait = (statement: Statement): Promise<unknown> => run(tx.knex, dialect.waitingAtMost(waitMs, statement));
  const { fingerprint, answer } = request;
  const key = idempotencyKeys.encode(tx, { id, fingerprint, createdAt: now, answer });
  try {
    for (;;) {
      try {
        await wait(insertRow(idempotencyKeys.name, key));
        return undefined;
      } catch (error) {
        if (!dialect.isUniqueViolation(error)) throw error;
        const taken = await lookUpKey(tx, id, request, notBefore);
        if (taken) return taken;
        const expired = idempotencyKeys.query(tx).where({ id }).where(columns.createdAt, '<', notBefore);
        await wait(expired.delete().toSQL().toNative());
      }
    }
  } catch (error) {
    if (!dialect.isLockTimeout(error)) throw error;
    return { outcome: 'busy', retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
  }
}

export async function storeAnswer(tx: Tx, id: string, answer: StoredAnswer): Promise<void> {
  await idempotencyKeys.update(tx, { id }, { answer });
}

export async function freeKey(tx: Tx, id: string): Promise<void> {
  await idempotencyKeys.delete(tx, { id });
}
