import { createHash } from 'node:crypto';
import type { IdempotencyRequest, StoredAnswer, TakenKey } from '../http/unit-of-work.ts';
import { idempotencyKeys } from './runtime-tables.ts';
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

/** First statement of the business transaction: takes the key, or says why it cannot be had. */
export async function takeKey(
  tx: Tx,
  id: string,
  request: IdempotencyRequest,
  times: { readonly now: Date; readonly notBefore: Date },
): Promise<TakenKey | undefined> {
  const taken = await lookUpKey(tx, id, request, times.notBefore);
  if (taken) return taken;
  const expired = (query: { where(column: string, operator: string, value: Date): unknown }): unknown =>
    query.where(idempotencyKeys.columns.createdAt, '<', times.notBefore);
  await idempotencyKeys.delete(tx, (query) => expired(query.where({ id })));
  await idempotencyKeys.insert(tx, { id, fingerprint: request.fingerprint, createdAt: times.now });
  return undefined;
}

export async function storeAnswer(tx: Tx, id: string, answer: StoredAnswer): Promise<void> {
  await idempotencyKeys.update(tx, { id }, { answer });
}

export async function freeKey(tx: Tx, id: string): Promise<void> {
  await idempotencyKeys.delete(tx, { id });
}
