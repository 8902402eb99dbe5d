import t from 'tap';
import { offsetStretches, timeZoneNamed } from '../src/domain/time-zone.ts';

const hour = 3_600_000;
const at = (text: string): number => Date.parse(text);

t.test('names of the IANA database are known, whatever the capitals, and nothing else is', async (t) => {
  t.equal(timeZoneNamed('Europe/Madrid'), 'Europe/Madrid');
  t.equal(timeZoneNamed('europe/madrid'), 'Europe/Madrid');
  t.equal(timeZoneNamed('UTC'), 'UTC');
  t.equal(timeZoneNamed('Asia/Calcutta'), 'Asia/Calcutta', 'an old name stays what it is');
  t.equal(timeZoneNamed('Europe/Atlantis'), undefined);
  t.equal(timeZoneNamed(''), undefined);
});

t.test('a window is cut where the clocks change, to the millisecond', async (t) => {
  const window = { from: at('2026-03-28T00:00:00Z'), to: at('2026-03-30T00:00:00Z') };
  t.strictSame(offsetStretches('Europe/Madrid', window), [
    { from: window.from, to: at('2026-03-29T01:00:00Z'), offset: hour },
    { from: at('2026-03-29T01:00:00Z'), to: window.to, offset: 2 * hour },
  ]);
  t.strictSame(
    offsetStretches('Europe/Madrid', { from: at('2026-10-24T22:00:00Z'), to: at('2026-10-25T02:00:00Z') }).map(
      ({ from, to, offset }) => [new Date(from).toISOString(), new Date(to).toISOString(), offset / hour],
    ),
    [
      ['2026-10-24T22:00:00.000Z', '2026-10-25T01:00:00.000Z', 2],
      ['2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000Z', 1],
    ],
  );
});

t.test('a change at the very start or end of a window cuts nothing off', async (t) => {
  const change = at('2026-03-29T01:00:00Z');
  t.strictSame(offsetStretches('Europe/Madrid', { from: change - hour, to: change }), [
    { from: change - hour, to: change, offset: hour },
  ]);
  t.strictSame(offsetStretches('Europe/Madrid', { from: change, to: change + hour }), [
    { from: change, to: change + hour, offset: 2 * hour },
  ]);
});

t.test('offsets that are no whole hours, and changes of half an hour', async (t) => {
  const april = { from: at('2026-04-04T12:00:00Z'), to: at('2026-04-05T12:00:00Z') };
  t.strictSame(
    offsetStretches('Australia/Lord_Howe', april).map(({ offset }) => offset / hour),
    [11, 10.5],
  );
  t.strictSame(offsetStretches('Asia/Kathmandu', april), [{ ...april, offset: 5.75 * hour }]);
  t.strictSame(offsetStretches('America/St_Johns', april), [{ ...april, offset: -2.5 * hour }]);
});

t.test('two changes within one month are both seen', async (t) => {
  // Morocco goes back for Ramadan only, some thirty days.
  const window = { from: at('2025-02-22T00:00:00Z'), to: at('2025-04-07T00:00:00Z') };
  t.strictSame(
    offsetStretches('Africa/Casablanca', window).map(({ offset }) => offset / hour),
    [1, 0, 1],
  );
});
