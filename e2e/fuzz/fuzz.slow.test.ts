/** A seeded reduction of `npm run e2e:fuzz`: every keyword of every schema of all operations. */
import t from 'tap';
import { startPlatform } from '../platform/start-platform.ts';
import { fuzzedServices, fuzzPlatform } from './fuzz-platform.ts';
import { installSchemathesis } from './install-schemathesis.ts';

t.setTimeout(295_000);

const SEED = Number(process.env['SEED'] ?? 20_261_122);

const schemathesis = await installSchemathesis((line) => t.comment(line)).catch((error: Error) => {
  if (process.env['CI']) throw error;
  t.plan(0, `${error.message.split('\n')[0]}`);
});

if (schemathesis !== undefined) {
  await using platform = await startPlatform();
  const bounds = {
    schemathesis,
    seed: SEED,
    phases: ['examples', 'coverage'],
    maxExamples: 5,
    maxSeconds: 200,
  } as const;

  for (const service of fuzzedServices) {
    await t.test(`${service} keeps its contract`, { timeout: 210_000 }, async (t) => {
      const outcome = await fuzzPlatform(platform, { ...bounds, service });
      t.comment(`seed ${SEED}: ${outcome.operations} operations, ${outcome.requests} requests`);
      t.ok(outcome.passed, outcome.output);
      t.ok(outcome.requests > 50 * outcome.operations, 'every operation was asked a lot');
      t.ok(outcome.valid.accepted > 20, 'requests came through');
    });
  }
}
