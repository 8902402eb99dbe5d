/** What the fuzzer must notice: a service that breaks one promise of its contract, by a proxy before it. */
import t from 'tap';
import { startPlatform } from '../platform/start-platform.ts';
import { fuzzPlatform } from './fuzz-platform.ts';
import { installSchemathesis } from './install-schemathesis.ts';
import { saboteurs } from './tampering-proxy.ts';

t.setTimeout(295_000);

const schemathesis = await installSchemathesis((line) => t.comment(line)).catch((error: Error) => {
  if (process.env['CI']) throw error;
  t.plan(0, `${error.message.split('\n')[0]}`);
});

if (schemathesis !== undefined) {
  await using platform = await startPlatform();
  for (const sabotage of Object.keys(saboteurs)) {
    await t.test(sabotage, { timeout: 100_000 }, async (t) => {
      const outcome = await fuzzPlatform(platform, {
        schemathesis,
        service: 'booking',
        sabotage,
        seed: 1,
        phases: ['examples', 'coverage'],
        maxExamples: 5,
        maxSeconds: 90,
        firstOnly: true,
      });
      t.notOk(outcome.passed, 'it is noticed');
      t.match(outcome.output, /FAILURES/);
    });
  }
}
