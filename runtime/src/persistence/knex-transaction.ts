import type { Knex } from 'knex';
import { clientOf, type KnexClient, type KnexQuery } from './knex-client.ts';

/**
 * Runs `work` in a transaction on a connection of its own: commits if it resolves, rolls back if it throws.
 *
 * knex makes a hundred and fifty functions for each of its transactions, which takes longer than most statements. Here the pool's knex
 * object is the prototype of the transaction's, and its client that of the transaction's client.
 *
 * @param begin The statement that begins it.
 */
export async function inTransaction<R>(
  knex: Knex,
  begin: string,
  work: (knex: Knex.Transaction) => Promise<R>,
): Promise<R> {
  const client = clientOf(knex);
  const connection = await client.acquireConnection();
  const state = { isOpen: true };
  const end = async (sql: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    state.isOpen = false;
    await client._query(connection, { sql });
  };
  try {
    await client._query(connection, { sql: begin });
    try {
      const result = await work(scopedTo(knex, connection, state));
      await end('COMMIT');
      return result;
    } catch (error) {
      await end('ROLLBACK').catch(() => undefined); // what went wrong first is told; the next to begin here hears of this
      throw error;
    }
  } finally {
    await client.releaseConnection(connection);
  }
}

interface State {
  isOpen: boolean;
}

/** A knex object whose statements all go over one connection, as long as the transaction is open. */
function scopedTo(knex: Knex, connection: object, state: State): Knex.Transaction {
  const { context } = knex as unknown as { readonly context: { queryBuilder(): Knex.QueryBuilder } };
  const own = Object.assign(Object.create(context) as typeof context, {
    client: transactionClient(clientOf(knex), connection, state),
  });
  const scoped = (table: string): Knex.QueryBuilder => own.queryBuilder().table(table as never);
  Object.setPrototypeOf(scoped, knex);
  const refuse = async (): Promise<never> => {
    throw new Error('The transaction ends when its work does: throw to roll it back');
  };
  return Object.assign(scoped, {
    context: own,
    isTransaction: true,
    isCompleted: () => !state.isOpen,
    commit: refuse,
    rollback: refuse,
  }) as unknown as Knex.Transaction;
}

function transactionClient(client: KnexClient, connection: object, state: State): KnexClient {
  const bound: KnexClient & { readonly transacting: true } = Object.create(client);
  return Object.assign(bound, {
    transacting: true,
    acquireConnection: async () => connection,
    releaseConnection: async () => undefined,
    // What comes late must not become a part of the next transaction on the same connection.
    _query: async (_connection: object, query: KnexQuery) => {
      if (!state.isOpen) throw new Error('The transaction has ended: await its statements');
      return client._query(connection, query);
    },
  });
}
