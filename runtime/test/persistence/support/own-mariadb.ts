/** A MariaDB of a test's own, to be killed, stopped and asked for TLS. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { administer } from '../../../src/persistence/mariadb/administer.ts';

const run = promisify(execFile);

export interface OwnMariadb {
  /** Of an administrator, without a database. */
  readonly url: string;
  readonly port: number;
  /** Where it keeps its files, certificates among them. */
  readonly folder: string;
  /** `SIGSTOP` makes it hang, `SIGKILL` crash. */
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Promise<void>;
  /** After a crash. */
  start(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface OwnMariadbOptions {
  /** Makes certificates (`ca.pem`, `cert.pem` for `localhost` and 127.0.0.1) and refuses connections without TLS. */
  readonly tls?: boolean;
}

const PROGRAMS = ['mariadbd', 'mariadb-install-db'];

/** Why there can be none; false if there can. */
export async function noMariadbd(): Promise<false | string> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const program of PROGRAMS) {
    const found = await Promise.any(folders.map((folder) => access(join(folder, program)))).then(
      () => true,
      () => false,
    );
    if (!found) return `install MariaDB's server: ${program} is not on the PATH`;
  }
  return false;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

export async function startOwnMariadb({ tls = false }: OwnMariadbOptions = {}): Promise<OwnMariadb> {
  const folder = await mkdtemp(join(tmpdir(), 'mariadb-'));
  const data = join(folder, 'data');
  const user = userInfo().username;
  const env = { ...process.env, PATH: `${process.env['PATH']}${delimiter}/usr/sbin${delimiter}/usr/local/sbin` };
  await run(
    'mariadb-install-db',
    [
      '--no-defaults',
      `--user=${user}`,
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    { env },
  );
  if (tls) await makeCertificates(folder);
  const port = await freePort();
  const parameters = tls ? `?tls=true&tlsCa=${join(folder, 'ca.pem')}` : '';
  const url = `mysql://root@127.0.0.1:${port}${parameters}`;
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const secure = ['ca', 'cert', 'key'].map((name) => `--ssl-${name}=${join(folder, `${name}.pem`)}`);
    const started = spawn(
      'mariadbd',
      [
        '--no-defaults',
        `--user=${user}`,
        `--datadir=${data}`,
        `--socket=${join(folder, 'socket')}`,
        '--bind-address=127.0.0.1',
        `--port=${port}`,
        '--innodb-buffer-pool-size=32M',
        ...(tls ? [...secure, '--require-secure-transport=ON'] : []),
      ],
      { env, stdio: 'ignore' },
    );
    child = started;
    for (;;) {
      if (started.exitCode !== null) throw new Error(`mariadbd ended with ${started.exitCode}`);
      const answers = await administer(url, (ask) => ask('SELECT 1')).then(
        () => true,
        () => false, // not up yet
      );
      if (answers) return;
      await sleep(100);
    }
  };

  const signal: OwnMariadb['signal'] = async (name) => {
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child?.kill(name);
    if (name === 'SIGKILL' && child?.exitCode === null && child.signalCode === null) await ended;
  };

  await start();
  return {
    url,
    port,
    folder,
    signal,
    start,
    async [Symbol.asyncDispose]() {
      await signal('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeCertificates(folder: string): Promise<void> {
  const openssl = (...args: readonly string[]) => run('openssl', args, { cwd: folder });
  const authority = async (name: string, subject: string): Promise<void> => {
    const made = ['-keyout', `${name}-key.pem`, '-out', `${name}.pem`];
    await openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', subject, ...made);
  };
  await authority('ca', '/CN=Test authority');
  await authority('other-ca', '/CN=Another authority');
  await openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=server',
    '-keyout',
    'key.pem',
    '-out',
    'request.pem',
  );
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost,DNS:database.test,IP:127.0.0.1\n');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  await openssl('x509', '-req', '-in', 'request.pem', '-out', 'cert.pem', ...signed);
}
