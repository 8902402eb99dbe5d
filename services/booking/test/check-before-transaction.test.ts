import t from 'tap';
import { checkBeforeTransaction } from '../src/adapters/check-before-transaction.ts';
import { windowHolders } from '../src/adapters/window-holders.ts';
import { aDatabase } from './a-database.ts';
import { aDriver, body, quote, startBooking } from './a-service.ts';

const ATTEMPTS = 20;

/** How many of 20 get the same window, in development mode with this sabotage, if all of them have a price before anyone books. */
async function winners(sabotage: string): Promise<number> {
  const before = new Map(['PARKWISE_MODE', 'PARKWISE_SABOTAGE'].map((name) => [name, process.env[name]]));
  Object.assign(process.env, { PARKWISE_MODE: 'development', PARKWISE_SABOTAGE: sabotage });
  try {
    let asked = 0;
    const all = Promise.withResolvers<void>();
    const getQuote = async () => {
      asked += 1;
      if (asked === ATTEMPTS) all.resolve();
      await all.promise;
      return { status: 200, body: quote } as const;
    };
    await using app = await startBooking({ getQuote });
    const answers = await Promise.all(
      Array.from({ length: ATTEMPTS }, () => app.as(aDriver()).createBooking({ body })),
    );
    return answers.filter(({ status }) => status === 201).length;
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

t.test('windows that are looked up before the transaction are had twice', async (t) => {
  t.equal(await winners('other, check-before-transaction'), ATTEMPTS);
});

t.test('other sabotages leave it alone', async (t) => {
  t.equal(await winners('other'), 1);
});

t.test('outside development mode nothing is replaced', async (t) => {
  const { database, close } = await aDatabase();
  t.teardown(close);
  const parkingLot = { getQuote: async () => ({ status: 200, body: quote }) as const };
  const parts = { parkingLot, holders: windowHolders, sql: database };
  for (const PARKWISE_MODE of ['production', undefined]) {
    const kept = checkBeforeTransaction(parts, { PARKWISE_MODE, PARKWISE_SABOTAGE: 'check-before-transaction' });
    t.equal(kept.parkingLot, parkingLot);
    t.equal(kept.holders, windowHolders);
  }
});
