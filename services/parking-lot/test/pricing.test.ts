import t from 'tap';
import { isScarce, priceOf, pricingFault } from '../src/domain/pricing.ts';
import type { Pricing } from '../src/domain/pricing.ts';

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const quote = (pricing: Pricing, from: string, to: string, scarce = false) =>
  priceOf(pricing, { zone: 'Europe/Madrid', window: { from: Date.parse(from), to: Date.parse(to) }, scarce });
/** `[from, to, percent, amount]` per part. */
const parts = (price: ReturnType<typeof quote>) =>
  price?.parts.map(({ from, to, percent, amount }) => [
    new Date(from).toISOString().slice(5, 16),
    new Date(to).toISOString().slice(5, 16),
    percent,
    amount.amount,
  ]);

t.test('without rules an hour costs the base price, a minute its sixtieth', async (t) => {
  const pricing = { basePricePerHour: euros(250) };
  t.strictSame(quote(pricing, '2026-03-02T09:00:00Z', '2026-03-02T11:00:00Z')?.total, euros(500));
  t.strictSame(quote(pricing, '2026-03-02T09:00:00Z', '2026-03-02T09:01:00Z')?.total, euros(4), '4.17 cents');
  t.strictSame(quote(pricing, '2026-03-02T09:00:00Z', '2026-03-02T09:30:30Z')?.total, euros(127), '127.08 cents');
});

t.test('half a cent is rounded up, a bit less down', async (t) => {
  t.equal(quote({ basePricePerHour: euros(30) }, '2026-03-02T09:00:00Z', '2026-03-02T09:01:00Z')?.total.amount, 1);
  t.equal(quote({ basePricePerHour: euros(29) }, '2026-03-02T09:00:00Z', '2026-03-02T09:01:00Z')?.total.amount, 0);
});

t.test('parts add up to the total, although each of them is no whole amount', async (t) => {
  const pricing = {
    basePricePerHour: euros(100),
    rules: [
      { days: ['MON' as const], from: '09:00', to: '09:20', percent: 100 },
      { days: ['MON' as const], from: '09:20', to: '09:40', percent: 99 },
    ],
  };
  const price = quote(pricing, '2026-03-02T08:00:00Z', '2026-03-02T08:50:00Z');
  t.strictSame(parts(price), [
    ['03-02T08:00', '03-02T08:20', 100, 33],
    ['03-02T08:20', '03-02T08:40', 99, 33],
    ['03-02T08:40', '03-02T08:50', 100, 17],
  ]);
  t.equal(price?.total.amount, 83);
});

t.test('rules hold on their days and hours by the clock of the spot', async (t) => {
  const pricing: Pricing = {
    basePricePerHour: euros(200),
    rules: [{ days: ['MON', 'TUE'], from: '08:00', to: '14:00', percent: 150 }],
  };
  // Madrid is an hour ahead of UTC in March.
  t.strictSame(parts(quote(pricing, '2026-03-02T06:00:00Z', '2026-03-02T14:00:00Z')), [
    ['03-02T06:00', '03-02T07:00', 100, 200],
    ['03-02T07:00', '03-02T13:00', 150, 1800],
    ['03-02T13:00', '03-02T14:00', 100, 200],
  ]);
  t.strictSame(parts(quote(pricing, '2026-03-04T06:00:00Z', '2026-03-04T14:00:00Z')), [
    ['03-04T06:00', '03-04T14:00', 100, 1600],
  ]);
});

t.test('where several rules fit, the first counts, and neighbours of one price are one part', async (t) => {
  const pricing: Pricing = {
    basePricePerHour: euros(100),
    rules: [
      { days: ['MON'], from: '12:00', to: '13:00', percent: 50 },
      { days: ['MON'], from: '10:00', to: '16:00', percent: 200 },
      { days: ['MON'], from: '15:00', to: '18:00', percent: 200 },
      { days: ['MON'], from: '00:00', to: '24:00', percent: 110 },
    ],
  };
  t.strictSame(parts(quote(pricing, '2026-03-02T08:00:00Z', '2026-03-02T18:00:00Z')), [
    ['03-02T08:00', '03-02T09:00', 110, 110],
    ['03-02T09:00', '03-02T11:00', 200, 400],
    ['03-02T11:00', '03-02T12:00', 50, 50],
    ['03-02T12:00', '03-02T17:00', 200, 1000],
    ['03-02T17:00', '03-02T18:00', 110, 110],
  ]);
});

t.test('24:00 meets the midnight of the next day, and Sunday is followed by Monday', async (t) => {
  const pricing: Pricing = {
    basePricePerHour: euros(100),
    rules: [
      { days: ['SUN'], from: '22:00', to: '24:00', percent: 300 },
      { days: ['MON'], from: '00:00', to: '02:00', percent: 300 },
    ],
  };
  t.strictSame(parts(quote(pricing, '2026-03-01T20:00:00Z', '2026-03-02T02:00:00Z')), [
    ['03-01T20:00', '03-01T21:00', 100, 100],
    ['03-01T21:00', '03-02T01:00', 300, 1200],
    ['03-02T01:00', '03-02T02:00', 100, 100],
  ]);
});

t.test('in spring the hour that no clock shows is not charged', async (t) => {
  const pricing: Pricing = {
    basePricePerHour: euros(100),
    rules: [{ days: ['SUN'], from: '02:00', to: '04:00', percent: 1000 }],
  };
  // 01:00 to 05:00 by the clock of Madrid: three hours, since 02:00 to 03:00 is skipped.
  t.strictSame(parts(quote(pricing, '2026-03-29T00:00:00Z', '2026-03-29T03:00:00Z')), [
    ['03-29T00:00', '03-29T01:00', 100, 100],
    ['03-29T01:00', '03-29T02:00', 1000, 1000],
    ['03-29T02:00', '03-29T03:00', 100, 100],
  ]);
  const skipped: Pricing = { ...pricing, rules: [{ days: ['SUN'], from: '02:00', to: '03:00', percent: 1000 }] };
  t.equal(quote(skipped, '2026-03-29T00:00:00Z', '2026-03-29T03:00:00Z')?.total.amount, 300, 'the rule never holds');
});

t.test('in autumn the hour that is shown twice is charged twice', async (t) => {
  const pricing: Pricing = {
    basePricePerHour: euros(100),
    rules: [{ days: ['SUN'], from: '02:00', to: '03:00', percent: 1000 }],
  };
  // 01:00 to 04:00 by the clock of Madrid: four hours.
  t.strictSame(parts(quote(pricing, '2026-10-24T23:00:00Z', '2026-10-25T03:00:00Z')), [
    ['10-24T23:00', '10-25T00:00', 100, 100],
    ['10-25T00:00', '10-25T02:00', 1000, 2000],
    ['10-25T02:00', '10-25T03:00', 100, 100],
  ]);
  const boundary: Pricing = { ...pricing, rules: [{ days: ['SUN'], from: '02:30', to: '03:00', percent: 1000 }] };
  t.strictSame(
    parts(quote(boundary, '2026-10-25T00:00:00Z', '2026-10-25T02:00:00Z')),
    [
      ['10-25T00:00', '10-25T00:30', 100, 50],
      ['10-25T00:30', '10-25T01:00', 1000, 500],
      ['10-25T01:00', '10-25T01:30', 100, 50],
      ['10-25T01:30', '10-25T02:00', 1000, 500],
    ],
    'half past two comes twice',
  );
});

t.test('in a zone whose clocks change at midnight, the day still starts once', async (t) => {
  // Cairo puts its clocks forward at midnight between Thursday and Friday: Friday starts at 01:00.
  const pricing: Pricing = {
    basePricePerHour: euros(100),
    rules: [{ days: ['FRI'], from: '00:00', to: '02:00', percent: 200 }],
  };
  const window = { from: Date.parse('2026-04-23T21:00:00Z'), to: Date.parse('2026-04-24T01:00:00Z') };
  const price = priceOf(pricing, { zone: 'Africa/Cairo', window, scarce: false });
  t.strictSame(parts(price), [
    ['04-23T21:00', '04-23T22:00', 100, 100],
    ['04-23T22:00', '04-23T23:00', 200, 200],
    ['04-23T23:00', '04-24T01:00', 100, 200],
  ]);
});

t.test('scarce spots cost what demand says, on top of the rules', async (t) => {
  const pricing: Pricing = {
    basePricePerHour: euros(250),
    rules: [{ days: ['MON'], from: '08:00', to: '14:00', percent: 33 }],
    demand: { occupancyPercent: 80, percent: 150 },
  };
  const price = quote(pricing, '2026-03-02T12:00:00Z', '2026-03-02T14:00:00Z', true);
  t.strictSame(parts(price), [
    ['03-02T12:00', '03-02T13:00', 50, 125],
    ['03-02T13:00', '03-02T14:00', 150, 375],
  ]);
  t.strictSame(price?.parts[0]?.pricePerHour, euros(125), '33 % of 150 % is 49.5 %, rounded half up');
  t.ok(isScarce({ occupancyPercent: 80, percent: 150 }, { spots: 5, taken: 4 }));
  t.notOk(isScarce({ occupancyPercent: 80, percent: 150 }, { spots: 6, taken: 4 }));
  t.notOk(isScarce({ occupancyPercent: 1, percent: 150 }, { spots: 0, taken: 0 }), 'nothing around is not scarce');
});

t.test('a month of the dearest spot is exact, or too much to be charged', async (t) => {
  const dear = { basePricePerHour: euros(134_407) };
  t.equal(quote(dear, '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z')?.total.amount, 99_998_808);
  t.equal(quote({ basePricePerHour: euros(134_410) }, '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'), undefined);
});

t.test('a pricing that contradicts itself is refused', async (t) => {
  const rule = (from: string, to: string, percent = 100) => ({ days: ['FRI' as const], from, to, percent });
  t.match(pricingFault({ basePricePerHour: euros(1), rules: [rule('22:00', '02:00')] }), /end after it starts/);
  t.match(pricingFault({ basePricePerHour: euros(1), rules: [rule('08:00', '08:00')] }), /end after it starts/);
  t.equal(pricingFault({ basePricePerHour: euros(1), rules: [rule('00:00', '24:00')] }), undefined);
  t.match(pricingFault({ basePricePerHour: euros(20_000_000), rules: [rule('08:00', '09:00', 500)] }), /cost more/);
  t.match(
    pricingFault({ basePricePerHour: euros(99_999_999), demand: { occupancyPercent: 1, percent: 101 } }),
    /cost more/,
  );
});
