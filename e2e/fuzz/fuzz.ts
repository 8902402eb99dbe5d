/**
 * Contract-driven fuzzing of every operation of all services: `npm run e2e:fuzz [-- --seed N --max-examples N --service NAME… --sabotage NAME --json]`.
 * Exit 1 on findings.
 */
import { parseArgs } from 'node:util';
import { startPlatform } from '../platform/start-platform.ts';
import { fuzzedServices, fuzzPlatform, type FuzzedService } from './fuzz-platform.ts';
import type { FuzzOutcome } from './fuzz-service.ts';
import { installSchemathesis } from './install-schemathesis.ts';
import { saboteurs } from './tampering-proxy.ts';

const usage = `npm run e2e:fuzz -- [--seed N] [--max-examples N] [--max-seconds N] [--service ${fuzzedServices.join('|')}]… [--sabotage ${Object.keys(saboteurs).join('|')}] [--json]`;

const options = (() => {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: '20261122' },
        'max-examples': { type: 'string', default: '20' },
        'max-seconds': { type: 'string', default: '240' },
        service: { type: 'string', multiple: true },
        sabotage: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const [seed = 0, maxExamples = 0, maxSeconds = 0] = [
      values.seed,
      values['max-examples'],
      values['max-seconds'],
    ].map(Number);
    const services = (values.service ?? [...fuzzedServices]) as FuzzedService[];
    const { sabotage, json } = values;
    const isRight =
      [seed, maxExamples, maxSeconds].every((number) => Number.isSafeInteger(number) && number >= 0) &&
      services.every((service) => fuzzedServices.includes(service)) &&
      (sabotage === undefined || Object.hasOwn(saboteurs, sabotage));
    if (!isRight) throw new Error('one of the values cannot be');
    return {
      seed,
      maxExamples,
      maxSeconds,
      services,
      json,
      ...(sabotage !== undefined && { sabotage, firstOnly: true }),
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
    process.exit(2);
  }
})();

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const show = (name: string, { requests, operations, valid, invalid, statuses, neverAccepted }: FuzzOutcome): string => {
  const byStatus = Object.entries(statuses).map(([status, count]) => `${status}×${count}`);
  const unreached = neverAccepted.length === 0 ? '' : `; never accepted: ${neverAccepted.join(', ')}`;
  return `${name}: ${operations} operations, ${requests} requests; valid ${valid.sent} (${valid.accepted} accepted), invalid ${invalid.sent} (${invalid.accepted} accepted); ${byStatus.join(' ')}${unreached}`;
};

const schemathesis = await installSchemathesis(say);
const outcomes: Record<string, FuzzOutcome> = {};
{
  await using platform = await startPlatform();
  for (const service of options.services) {
    say(`fuzzing ${service} with seed ${options.seed} …`);
    const outcome = await fuzzPlatform(platform, { ...options, schemathesis, service });
    outcomes[service] = outcome;
    if (!outcome.passed) say(outcome.output);
    if (!options.json) process.stdout.write(`${outcome.passed ? 'ok  ' : 'FAIL'} ${show(service, outcome)}\n`);
  }
}
const passed = Object.values(outcomes).every((outcome) => outcome.passed);
const { seed, sabotage } = options;
if (options.json) process.stdout.write(`${JSON.stringify({ seed, sabotage, passed, services: outcomes }, null, 2)}\n`);
process.exit(passed ? 0 : 1);
