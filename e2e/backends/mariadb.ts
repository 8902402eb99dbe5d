import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from './certificates.ts';
import { findProgram, needDebianPackage, runCommand } from './run-command.ts';
import type { Server } from './server.ts';

const program = (name: string): string => findProgram(name) ?? name;

/** MariaDB from Debian; `root` has no password, which loopback alone can use. */
export const mariadb: Server = {
  name: 'mariadb',
  processMark: 'mariadbd',
  install: ({ home }) => needDebianPackage('mariadbd', 'mariadb-server', join(home, 'log/mariadb.install.log')),

  async prepare({ home, ports, secure }) {
    const data = join(home, 'data/mariadb');
    const user = userInfo().username;
    if (!existsSync(join(data, 'mysql'))) {
      await mkdir(data, { recursive: true });
      await runCommand({
        program: program('mariadb-install-db'),
        args: [
          '--no-defaults',
          `--user=${user}`,
          `--datadir=${data}`,
          '--auth-root-authentication-method=normal',
          '--skip-test-db',
        ],
      });
    }
    const tls = secure ? await makeCertificates(join(home, 'tls')) : undefined;
    const tlsOptions = tls && [
      `--ssl-ca=${tls.ca}`,
      `--ssl-cert=${tls.certificate}`,
      `--ssl-key=${tls.key}`,
      '--require-secure-transport=ON',
    ];
    return {
      program: program('mariadbd'),
      args: [
        '--no-defaults',
        `--user=${user}`,
        `--datadir=${data}`,
        '--bind-address=127.0.0.1',
        `--port=${ports.mariadb}`,
        `--socket=${join(home, 'run/mariadb.sock')}`,
        '--character-set-server=utf8mb4',
        '--max-connections=400',
        ...(tlsOptions ?? []),
      ],
    };
  },

  async ask({ ports, secure }) {
    const transport = secure ? ['--ssl'] : [];
    const args = ['--no-defaults', '-h127.0.0.1', `-P${ports.mariadb}`, '-uroot', ...transport, '-e', 'SELECT 1'];
    await runCommand({ program: program('mariadb'), args });
  },

  url: ({ home, ports, secure }) =>
    `mysql://root@127.0.0.1:${ports.mariadb}${secure ? `?tls=true&tlsCa=${join(home, 'tls/ca.pem')}` : ''}`,
};
