import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from '../persistence/database.ts';
import { inbox, parkedMessages } from '../persistence/runtime-tables.ts';

export interface Known {
  /** The message is in the inbox. */
  readonly handled: boolean;
  /** An earlier message of its key waits. */
  readonly parked: boolean;
}

interface Question {
  readonly eventId: string;
  readonly key: string;
  readonly resolve: (known: Known) => void;
  readonly reject: (error: unknown) => void;
}

/** What a consumer has to know of a message before it is handled. Questions of one turn of the event loop are one query. */
export class LookUps {
  readonly #database: Database;
  readonly #consumer: string;
  #questions: Question[] = [];

  constructor(database: Database, consumer: string) {
    this.#database = database;
    this.#consumer = consumer;
  }

  ask({ eventId, key }: { readonly eventId: string; readonly key: string }): Promise<Known> {
    return new Promise((resolve, reject) => {
      this.#questions.push({ eventId, key, resolve, reject });
      if (this.#questions.length === 1) void this.#answer();
    });
  }

  async #answer(): Promise<void> {
    await turn();
    const questions = this.#questions;
    this.#questions = [];
    try {
      const { handled, parked } = await this.#look(questions);
      for (const { eventId, key, resolve } of questions)
        resolve({ handled: handled.has(eventId), parked: parked.has(key) });
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }

  async #look(questions: readonly Question[]) {
    const { knex } = this.#database;
    const of = { consumer: this.#consumer };
    const { columns } = parkedMessages;
    const handled = knex(inbox.name)
      .select(knex.raw("'handled' as ??, ?? as ??", ['kind', inbox.columns.eventId, 'found']))
      .where(of)
      .whereIn(
        inbox.columns.eventId,
        questions.map(({ eventId }) => eventId),
      );
    const parked = knex(parkedMessages.name)
      .distinct(knex.raw("'parked' as ??, ?? as ??", ['kind', columns.messageKey, 'found']))
      .where(of)
      .whereIn(
        columns.messageKey,
        questions.map(({ key }) => key),
      );
    const rows = (await handled.unionAll([parked])) as { readonly kind: string; readonly found: string }[];
    const found = (kind: string) => new Set(rows.filter((row) => row.kind === kind).map((row) => row.found));
    return { handled: found('handled'), parked: found('parked') };
  }
}
