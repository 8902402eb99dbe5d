/** Kill -9 of the platform and of single services: nothing that was committed is lost on its way, nothing has its effect twice. Saboteurs turn it red. */
import t from 'tap';
import { killRounds } from './kill/kill-rounds.ts';
import { told } from './kill/told.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_122);

t.test('50 kills', { timeout: 240_000 }, async (t) => {
  const report = await killRounds({ kills: 50, seed: SEED });
  t.comment(`seed ${SEED}: ${told(report)}`);
  t.ok(report.bookings > 100, 'there was load');
  t.ok(report.landed > 0, 'some kills landed in the window that matters');
  t.match(report, { lost: 0, doubled: 0, forgotten: 0 });
});

/** Each with the service whose death it cannot survive. */
const saboteurs = {
  'publish-after-commit': 'booking',
  'ack-before-handler': 'parking-lot',
  'inbox-off': 'parking-lot',
};

for (const [sabotage, victim] of Object.entries(saboteurs)) {
  t.test(`saboteur: ${sabotage}`, { timeout: 120_000 }, async (t) => {
    const report = await killRounds({ kills: 6, seed: SEED, sabotage, victims: [victim], settleMs: 3_000 });
    t.comment(told(report));
    t.ok(report.lost + report.doubled > 0, 'the comparison above sees it');
  });
}
