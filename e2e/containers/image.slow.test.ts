/** There is no container engine here: the Dockerfile's steps are done in empty folders, and what comes out runs on its own. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { buildImage } from './build-image.ts';

t.setTimeout(290_000);
const run = promisify(execFile);
const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');

t.test('a service of the image migrates, starts, is healthy, and stops', { timeout: 280_000 }, async (t) => {
  const npm = (process.env['npm_execpath'] ?? '').endsWith('npm-cli.js')
    ? ''
    : dirname((await run('which', ['npm'])).stdout);
  const image = await buildImage(
    dockerfile,
    [dirname(process.execPath), npm, '/usr/bin', '/bin'].filter(Boolean).join(':'),
  );
  t.teardown(() => rmSync(image.folder, { recursive: true, force: true }));
  const app = join(image.root, image.workingDirectory);
  t.equal(image.user, 'node');
  t.ok(existsSync(join(app, 'runtime/dist/index.js')), 'the runtime is built');
  t.notOk(existsSync(join(app, 'runtime/src')), 'and its source stays behind');
  t.notOk(existsSync(join(app, 'services/booking/test')));
  const packages = readdirSync(join(app, 'node_modules'));
  for (const name of ['typescript', 'tap', 'oxlint', 'parkwise']) t.notOk(packages.includes(name), `without ${name}`);

  const port = await freePort();
  const env = {
    ...image.environment,
    PATH: dirname(process.execPath),
    PARKWISE_HOST: '127.0.0.1',
    PARKWISE_PORT: String(port),
    PARKWISE_DATABASE_URL: `sqlite:${join(image.folder, 'identity.sqlite')}`,
    PARKWISE_EVENTS_URL: `sqlite:${join(image.folder, 'events.sqlite')}`,
    PARKWISE_AUDIENCE: 'parkwise',
    PARKWISE_ISSUER: 'https://identity.parkwise.dev',
    PARKWISE_JWKS_URL: 'http://127.0.0.1:1/jwks.json',
  };
  const [command = '', ...words] = [...image.entrypoint, 'services/identity/src/generated/main.ts'];
  const options = { cwd: app, env };
  const migrated = await run(command, [...words, '--migrate'], options);
  t.match(migrated.stdout, /the database is up to date/);
  const [health = '', ...check] = image.healthcheck;
  await t.rejects(run(health, check, options), 'unhealthy before it runs');

  const service = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(service, 'exit');
  t.teardown(() => service.kill('SIGKILL'));
  let log = '';
  await new Promise<void>((resolve, reject) => {
    service.stdout.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (/"msg":"ready"/.test(log)) resolve();
    });
    void ended.then(() => reject(new Error(`it ended: ${log}`)));
  });
  await run(health, check, options);
  t.pass('healthy once it is ready');
  service.kill('SIGTERM');
  t.strictSame(await ended, [0, null], 'it stops when it is told to');
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
