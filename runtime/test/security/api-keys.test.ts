import { createHash } from 'node:crypto';
import t from 'tap';
import { createApiKeys, parseApiKeys } from '../../src/security/api-keys.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

t.test('keys are found by their hash, under their scheme', (t) => {
  const keys = createApiKeys(
    parseApiKeys(
      JSON.stringify([
        { name: 'partner', sha256: sha256('one'), scopes: ['a'], roles: ['b'] },
        { name: 'browser', sha256: sha256('two').toUpperCase(), scheme: 'cookieKey' },
      ]),
    ),
  );
  t.strictSame(keys.find('headerKey', 'one'), { name: 'partner', scopes: ['a'], roles: ['b'] });
  t.strictSame(keys.find('cookieKey', 'two'), { name: 'browser', scopes: [], roles: [] });
  t.equal(keys.find('headerKey', 'two'), undefined);
  t.equal(keys.find('headerKey', sha256('one')), undefined, 'the hash is no key');
  t.equal(keys.find('headerKey', ''), undefined);
  t.end();
});

t.test('a wrong setting is refused, and what is wrong is said', (t) => {
  const hash = sha256('canary');
  const cases: [string, RegExp][] = [
    ['{', /JSON array/],
    ['{}', /JSON array/],
    ['[null]', /API key 1: name/],
    [`[{"name":"a","sha256":"${hash}"},{"name":"b","sha256":"${hash}00"}]`, /API key 2: sha256/],
    [`[{"name":"a","sha256":"${hash}","scheme":1}]`, /scheme/],
    [`[{"name":"a","sha256":"${hash}","scopes":"all"}]`, /scopes/],
    [`[{"name":"a","sha256":"${hash}","roles":[1]}]`, /roles/],
  ];
  for (const [text, message] of cases) t.throws(() => parseApiKeys(text), message, text.slice(0, 20));
  t.throws(() => createApiKeys([{ name: 'a', sha256: 'zz' }]), /SHA-256/);
  t.end();
});
