import { randomBytes } from 'node:crypto';
import t from 'tap';
import { openDatabase } from '../../src/persistence/open-database.ts';
import { administer } from '../../src/persistence/mariadb/administer.ts';
import { mariadbAddress } from '../../src/persistence/mariadb/mariadb-url.ts';
import { provisionMariadb } from '../../src/platform.ts';
import { mariadb } from '../backends.ts';
import { noMariadbd, startOwnMariadb } from './support/own-mariadb.ts';

const { skip, url: admin } = mariadb;

t.test('URLs are read, and what is wrong with one is said without its password', async (t) => {
  t.same(mariadbAddress('mysql://ann:p%40ss@db.example/shop'), {
    host: 'db.example',
    port: 3306,
    user: 'ann',
    password: 'p@ss',
    database: 'shop',
  });
  t.match(mariadbAddress('mysql://ann@[::1]:3307/shop?tls=true&tlsServerName=db'), {
    host: '::1',
    port: 3307,
    tls: { serverName: 'db' },
  });
  for (const [url, message] of [
    ['mysql://ann:hush@db/shop?ssl=true', /has the option "ssl"; known are tls,/],
    ['mysql://ann:hush@db/shop?tls=yes', /tls=true or tls=false/],
    ['mysql://ann:hush@db/shop?tlsCa=/ca.pem', /options of TLS and not tls=true/],
    ['mysql://ann:hush@db/shop?tls=true&tlsCa=/nowhere/ca.pem', /\/nowhere\/ca\.pem as tlsCa/],
    ['mysql://db/shop', /must name a user/],
    ['mysql://ann:hush@db', /must name a database/],
    ['mysql://ann:hush@db/shop/orders', /one database/],
    [
      'mysql://ann:hush@127.0.0.1:1/shop',
      /^Cannot open the database mysql:\/\/ann@127\.0\.0\.1:1\/shop: .*ECONNREFUSED/,
    ],
  ] as const) {
    const failure = await openDatabase(url).catch((error: Error) => error);
    t.match(failure, { message });
    t.notMatch(String((failure as Error).stack), /hush/);
  }
});

t.test('an account reaches its own database and no other, however often it is made', { skip }, async (t) => {
  const random = randomBytes(4).toString('hex');
  const [mine, similar, others] = [`pw_${random}_a`, `pwx${random}xa`, `pw_${random}_b`];
  t.teardown(() =>
    administer(admin, async (run) => {
      for (const name of [mine, similar, others]) await run('DROP DATABASE IF EXISTS ??', [name]);
      for (const name of [mine, others]) await run('DROP USER IF EXISTS ?@?', [name, '%']);
    }),
  );
  const account = { database: mine, user: mine, password: `it's "a\\secret` };
  const [url] = await Promise.all([provisionMariadb(admin, account), provisionMariadb(admin, account)]);
  await provisionMariadb(admin, { database: others, user: others, password: 'another' });
  await administer(admin, async (run) => {
    await run('CREATE DATABASE ??', [similar]);
    for (const name of [similar, others]) await run('CREATE TABLE ??.t (id INT)', [name]);
    await run('GRANT SELECT, FILE ON *.* TO ?@?', [mine, '%']);
  });
  t.equal(await provisionMariadb(admin, account), url);

  const database = await openDatabase(url);
  await database.migrate([]);
  for (const name of [similar, others, 'mysql']) {
    await t.rejects(database.knex.raw('SELECT * FROM ??.??', [name, name === 'mysql' ? 'user' : 't']), /denied/);
  }
  for (const sql of [
    'CREATE DATABASE pw_mine',
    `GRANT SELECT ON *.* TO 'x'@'%'`,
    `SELECT LOAD_FILE('/etc/passwd') IS NULL AS n`,
  ]) {
    const outcome = await database.transaction(({ knex }) => knex.raw(sql)).catch((error: Error) => error);
    t.match(outcome instanceof Error ? outcome.message : JSON.stringify(outcome[0]), /denied|"n":1/);
  }
  await database.close();

  await t.rejects(openDatabase(url.replace(/%22/, 'x')), /Access denied/);
  const changed = await provisionMariadb(admin, { ...account, password: 'changed' });
  await t.rejects(openDatabase(url), /Access denied/, 'the password is the one given last');
  const again = await openDatabase(changed);
  t.same(await again.migrate([]), [], 'the data is left alone');
  await again.close();
});

t.test('names that could mean more than one thing, and empty passwords, are refused', async (t) => {
  const account = { database: 'shop', user: 'shop', password: 'x' };
  await t.rejects(provisionMariadb(admin, { ...account, database: 'shop%' }), /no name for a database/);
  await t.rejects(provisionMariadb(admin, { ...account, user: `x'@'%` }), /no name for a database or a user/);
  await t.rejects(provisionMariadb(admin, { ...account, password: '' }), /must have a password/);
});

t.test('TLS: the server asks for it, and its certificate is held against authority and name', async (t) => {
  const missing = await noMariadbd();
  if (missing) {
    if (mariadb.skip === false && process.env['CI']) t.fail(missing);
    t.plan(0, missing);
    return;
  }
  await using server = await startOwnMariadb({ tls: true });
  const { folder, port, url } = server;
  const service = await provisionMariadb(url, { database: 'shop', user: 'shop', password: 'secret' });
  const database = await openDatabase(service);
  const [rows] = await database.knex.raw(`SHOW STATUS LIKE 'Ssl_version'`);
  t.match(rows, [{ Value: /^TLSv1\.[23]$/ }]);
  await database.migrate([]);
  await database.close();

  const at = (options: string, host = '127.0.0.1') =>
    openDatabase(`mysql://shop:secret@${host}:${port}/shop${options}`);
  const ca = `tls=true&tlsCa=${folder}/ca.pem`;
  await t.rejects(at(''), /insecure transport|denied/i, 'without TLS');
  await t.rejects(at('?tls=true'), /self.signed|unable to|certificate/i, 'an authority that nobody knows');
  await t.rejects(at(`?tls=true&tlsCa=${folder}/other-ca.pem`), /certificate|issuer/i, 'another authority');
  await t.rejects(at(`?${ca}&tlsServerName=elsewhere.test`), /HANDSHAKE_SSL_ERROR|altnames|ALTNAME/i, 'another name');
  for (const [options, host] of [
    [`?${ca}`, '127.0.0.1'],
    [`?${ca}`, 'localhost'],
    [`?${ca}&tlsServerName=database.test`, '127.0.0.1'],
  ] as const) {
    await (await at(options, host)).close();
  }
});
