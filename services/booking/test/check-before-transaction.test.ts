import t from 'tap';
import { aDriver, body, startBooking } from './a-service.ts';

/** How many of 20 who want the same window at once get it, in development mode with this sabotage. */
async function winners(sabotage: string): Promise<number> {
  const before = new Map(['PARKWISE_MODE', 'PARKWISE_SABOTAGE'].map((name) => [name, process.env[name]]));
  Object.assign(process.env, { PARKWISE_MODE: 'development', PARKWISE_SABOTAGE: sabotage });
  try {
    await using app = await startBooking();
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.as(aDriver()).createBooking({ body })));
    return answers.filter(({ status }) => status === 201).length;
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

t.test('windows that are looked up before the transaction are had twice', async (t) => {
  const many = await winners('other, check-before-transaction');
  t.ok(many > 1, `${many} got it`);
});

t.test('other sabotages leave it alone', async (t) => {
  t.equal(await winners('other'), 1);
});
