import t from 'tap';
import { CommitOutcomeUnknownError, DatabaseUnavailableError } from '../../src/persistence/database-errors.ts';
import { count, openShop } from './support/shop.ts';
import { embeddedLogInMemory } from './support/transports.ts';

for (const order of ['none', 'key'] as const) {
  t.test(
    `order ${order}: while the database is away a message waits, and none of its attempts is used up`,
    async (t) => {
      await using shop = await openShop(embeddedLogInMemory);
      const attempts: number[] = [];
      const failures = [
        new DatabaseUnavailableError('away', { isLost: false }),
        new CommitOutcomeUnknownError(new Error('cut')),
      ];
      await shop.startWarehouse(
        async (message, context, database) => {
          attempts.push(context.attempt);
          const failure = failures.shift();
          if (failure) throw failure;
          await count(message, context, database);
        },
        // The first failure would be the last.
        { order, retryMs: [] },
      );
      await shop.placeOrder('patient');
      await shop.outcome('handled');
      t.same(attempts, [1, 1, 1]);
      t.same(await shop.handled(), ['patient']);
      t.same(await shop.deadLetters(), []);
    },
  );
}
