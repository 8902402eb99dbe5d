import t from 'tap';
import { isSlowPattern } from '../../src/contracts/schemas/slow-pattern.ts';

const slow = [
  '^(a+)+$',
  '^(a|a)*$',
  '(a*)*',
  '^(\\w+\\s?)*$',
  '^([a-z]+)*[0-9]$',
  '(.*)+',
  '([a-zA-Z]+)*',
  '(x+x+)+y',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '^(\\d+|\\w+)*$',
  '(a{1,20})+b',
  '^([^,]*,?)*$',
];
const fast = [
  '^[a-z]+(-[a-z]+)*$',
  '^\\d+(\\.\\d+)*$',
  'Z$',
  '^[A-Z0-9][A-Z0-9 -]*$',
  '^"v[0-9]{1,10}"$',
  '^(ab|cd)*$',
  '^([0-9]{2}:){3}$',
  '^[\\x21-\\x7e]+$',
  '^https?://[^/]+(/[^/]+)*$',
  '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==)?$',
  '^[^@\\s]+@[^@\\s]+$',
  '^(0|[1-9]\\d*)$',
  '^([a-z]+,)*$',
  '^\\p{L}+( \\p{L}+)*$',
  '^(?=.*[a-z])(?=.*\\d).+$',
];

void t.test('patterns that can take exponential time', async (t) => {
  for (const pattern of slow) t.ok(isSlowPattern(pattern), pattern);
});

void t.test('patterns that cannot', async (t) => {
  for (const pattern of fast) t.notOk(isSlowPattern(pattern), pattern);
});
