/**
 * Kill -9 of the platform and of single services: nothing that was committed is lost on its way, nothing has its effect twice.
 * `kill.slow.test.ts` kills more often, and shows that each of three saboteurs turns it red.
 */
import t from 'tap';
import { killRounds } from './kill/kill-rounds.ts';
import { told } from './kill/told.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_122);

t.test('10 kills', { timeout: 120_000 }, async (t) => {
  const report = await killRounds({ kills: 10, seed: SEED });
  t.comment(`seed ${SEED}: ${told(report)}`);
  t.ok(report.bookings > 30, 'there was load');
  t.ok(report.landed > 0, 'some kills landed in the window that matters');
  t.match(report, { lost: 0, doubled: 0, forgotten: 0 });
});
