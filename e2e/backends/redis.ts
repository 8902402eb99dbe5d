import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificates } from './certificates.ts';
import { exchange } from './exchange.ts';
import { findProgram, needDebianPackage } from './run-command.ts';
import type { Server } from './server.ts';

/** Of a secure Redis; it is reached by loopback and holds test data. */
export const REDIS_PASSWORD = 'parkwise-test-password';

/** Redis from Debian, with its append-only file. */
export const redis: Server = {
  name: 'redis',
  processMark: 'redis-server',
  install: ({ home }) => needDebianPackage('redis-server', 'redis-server', join(home, 'log/redis.install.log')),

  async prepare({ home, ports, secure }) {
    const data = join(home, 'data/redis');
    await mkdir(data, { recursive: true });
    const port = String(ports.redis);
    const transport = secure ? await tlsOptions(join(home, 'tls'), port) : ['--port', port];
    return {
      program: findProgram('redis-server') ?? 'redis-server',
      args: ['--bind', '127.0.0.1', ...transport, '--dir', data, '--appendonly', 'yes', '--save', ''],
    };
  },

  async ask({ ports, secure }) {
    const answer = (await exchange({ port: ports.redis, tls: secure }, Buffer.from('PING\r\n'))).toString();
    if (!answer.startsWith(secure ? '-NOAUTH' : '+PONG')) throw new Error(`it answers ${answer.trim()}`);
  },

  url: ({ home, ports, secure }) =>
    secure
      ? `rediss://:${REDIS_PASSWORD}@127.0.0.1:${ports.redis}?tlsCa=${join(home, 'tls/ca.pem')}`
      : `redis://127.0.0.1:${ports.redis}`,
};

const tlsOptions = async (directory: string, port: string): Promise<string[]> => {
  const { ca, certificate, key } = await makeCertificates(directory);
  const files = ['--tls-ca-cert-file', ca, '--tls-cert-file', certificate, '--tls-key-file', key];
  return ['--port', '0', '--tls-port', port, ...files, '--tls-auth-clients', 'no', '--requirepass', REDIS_PASSWORD];
};
