import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';
import type { Server } from './server.ts';

const VERSION = '2.12.0';
const executable = (programs: string): string => join(programs, `toxiproxy-${VERSION}`);

/** Toxiproxy, built from its Go module: delays, limits and cuts connections as its HTTP interface is told. */
export const toxiproxy: Server = {
  name: 'toxiproxy',
  processMark: 'toxiproxy',

  async install({ home, programs }) {
    if (existsSync(executable(programs))) return;
    const directory = await mkdtemp(join(programs, 'go-'));
    await runCommand(
      { program: 'go', args: ['install', `github.com/Shopify/toxiproxy/v2/cmd/server@v${VERSION}`] },
      { env: { GOBIN: directory }, log: join(home, 'log/toxiproxy.install.log') },
    );
    await rename(join(directory, 'server'), executable(programs));
    await rm(directory, { recursive: true });
  },

  prepare: async ({ programs, ports }) => ({
    program: executable(programs),
    args: ['-host', '127.0.0.1', '-port', String(ports.toxiproxy)],
  }),

  async ask({ ports }) {
    const answer = await fetch(`http://127.0.0.1:${ports.toxiproxy}/version`, { signal: AbortSignal.timeout(1_000) });
    if (!answer.ok) throw new Error(`it answers ${answer.status}`);
  },

  url: ({ ports }) => `http://127.0.0.1:${ports.toxiproxy}`,
};
