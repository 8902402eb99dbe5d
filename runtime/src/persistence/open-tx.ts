import { AsyncLocalStorage } from 'node:async_hooks';
import type { Knex } from 'knex';
import type { Sql, Tx } from './tx.ts';

interface OpenTransaction {
  /** Whose it is. */
  readonly of: object;
  isOpen: boolean;
  readonly afterCommit: (() => void)[];
}

const transactions = new WeakMap<Tx, OpenTransaction>();
const running = new AsyncLocalStorage<OpenTransaction>();

/** @throws Error where the code that is running belongs to an open transaction of the same database. */
export function refuseInside(of: object): void {
  const outer = running.getStore();
  if (outer?.isOpen && outer.of === of) {
    throw new Error('A transaction is open already: pass its tx on instead of opening another one inside it');
  }
}

/** Runs `work` as a part of the transaction, so that it cannot open another one inside it. */
export function inside<R>(tx: Tx, work: () => R): R {
  return running.run(stateOf(tx), work);
}

/** Calls `notify` once the transaction has committed, and never if it is rolled back. It must not throw, nor take long. */
export function afterCommit(tx: Tx, notify: () => void): void {
  stateOf(tx).afterCommit.push(notify);
}

export interface TxParts {
  readonly knex: Knex.Transaction;
  readonly dialect: Sql['dialect'];
  readonly cause: Tx['cause'];
}

/** A transaction that has just begun, and how to end it: with what is to be done after its commit, if there was one. */
export function openTx(parts: TxParts, of: object): { readonly tx: Tx; end(): readonly (() => void)[] } {
  const state: OpenTransaction = { of, isOpen: true, afterCommit: [] };
  return {
    tx: made(parts, state),
    end() {
      state.isOpen = false;
      return state.afterCommit;
    },
  };
}

/** The same transaction, for a part of the work in it that has a cause of its own. */
export const withCause = (tx: Tx, cause: Tx['cause']): Tx =>
  made({ knex: tx.knex, dialect: tx.dialect, cause }, stateOf(tx));

function made(parts: TxParts, state: OpenTransaction): Tx {
  const tx = parts as Tx;
  transactions.set(tx, state);
  return tx;
}

function stateOf(tx: Tx): OpenTransaction {
  const state = transactions.get(tx);
  if (!state) throw new Error('This transaction was not opened by the runtime');
  return state;
}
