import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exchange } from './exchange.ts';
import { findProgram, needDebianPackage } from './run-command.ts';
import type { Server } from './server.ts';

/** Redis from Debian, with its append-only file. */
export const redis: Server = {
  name: 'redis',
  processMark: 'redis-server',
  install: ({ home }) => needDebianPackage('redis-server', 'redis-server', join(home, 'log/redis.install.log')),

  async prepare({ home, ports }) {
    const data = join(home, 'data/redis');
    await mkdir(data, { recursive: true });
    return {
      program: findProgram('redis-server') ?? 'redis-server',
      args: ['--bind', '127.0.0.1', '--port', String(ports.redis), '--dir', data, '--appendonly', 'yes', '--save', ''],
    };
  },

  async ask({ ports }) {
    const answer = (await exchange({ port: ports.redis }, Buffer.from('PING\r\n'))).toString();
    if (!answer.startsWith('+PONG')) throw new Error(`it answers ${answer.trim()}`);
  },

  url: ({ ports }) => `redis://127.0.0.1:${ports.redis}`,
};
