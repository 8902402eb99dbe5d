import t from 'tap';
import { developmentApiKeys, mintDevelopmentApiKey } from '../../src/security/development-api-keys.ts';

const SECRET = 'the-secret-of-this-machine';
const ann = { name: 'ann', scopes: ['orders:read'], roles: ['buyer'] };

t.test('a key stands for its holder, under every scheme', async (t) => {
  const key = mintDevelopmentApiKey(SECRET, ann);
  t.match(key, /^[A-Za-z0-9._-]+$/, 'it fits a header, a query and a cookie as it is');
  t.strictSame(developmentApiKeys(SECRET).find('headerKey', key), ann);
  t.strictSame(developmentApiKeys(SECRET).find('cookieKey', key), ann);
});

t.test('only whoever has the secret makes keys', async (t) => {
  const key = mintDevelopmentApiKey(SECRET, ann);
  const [prefix = '', , signature = ''] = key.split('.');
  const admin = Buffer.from(JSON.stringify({ ...ann, roles: ['admin'] })).toString('base64url');
  const keys = developmentApiKeys(SECRET);
  const forged = [
    mintDevelopmentApiKey('another', ann),
    `${prefix}.${admin}.${signature}`,
    `${key}.more`,
    `${prefix}.${admin}.`,
    `${prefix}..`,
    key.slice(0, -1),
    key.slice(prefix.length + 1),
    '',
  ];
  for (const other of forged) t.equal(keys.find('headerKey', other), undefined, other);
});
