import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { complete, incomplete } from './lock-file.ts';

const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'));
const broken = read('broken/package-lock.json');

t.same(
  incomplete(broken),
  ['node_modules/@scope/of-another-name', 'node_modules/without', 'node_modules/without/node_modules/elsewhere'],
  'an address that is missing, or names a host, is seen',
);
t.same(incomplete(complete(broken)), [], 'and written');
t.equal(
  complete(broken).packages['node_modules/@scope/of-another-name']?.resolved,
  'https://registry.invalid/@real/name/-/name-2.0.0.tgz',
  'by the real name of an alias',
);
t.same(incomplete(read('../../package-lock.json')), [], 'the lock of this repository is complete: npm run lock');
