import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { breaches, sourceRules } from './source-rules.ts';

const broken = join(import.meta.dirname, 'broken');
const repository = join(import.meta.dirname, '../..');

t.same(
  readdirSync(broken).toSorted(),
  sourceRules.map((rule) => rule.name).toSorted(),
  'every rule has a fixture that breaks it',
);

for (const rule of sourceRules) {
  t.test(rule.name, async (t) => {
    t.equal(breaches(rule, join(broken, rule.name)).length, 1, 'is seen to fail');
    t.same(breaches(rule, repository), [], 'holds in this repository');
  });
}
