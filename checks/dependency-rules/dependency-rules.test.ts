import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import t from 'tap';
import configuration from '../../.dependency-cruiser.mjs';

const broken = join(import.meta.dirname, 'broken');
const rules = configuration.forbidden ?? [];

const violations = async (baseDir: string) => {
  const result = await cruise(['.'], {
    ...configuration.options,
    baseDir,
    ruleSet: { forbidden: rules },
    validate: true,
  });
  return (result.output as ICruiseResult).summary.violations.map((violation) => violation.rule.name);
};

t.same(
  readdirSync(broken).toSorted(),
  rules.map((rule) => rule.name).toSorted(),
  'every rule has a fixture that breaks it, and no fixture is without a rule',
);

for (const name of readdirSync(broken)) {
  t.test(`${name} is seen to fail`, async (t) => {
    t.match(await violations(join(broken, name)), [name]);
  });
}
