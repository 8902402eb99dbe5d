import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  /** Its command line, shortened. */
  readonly command: string;
}

/** Who listens on the port; undefined if nobody does, or if it cannot be known (another user's process). */
export const portHolder = (port: number): PortHolder | undefined =>
  process.platform === 'linux' ? onLinux(port) : byLsof(port);

const LISTENS = '0A';

const onLinux = (port: number): PortHolder | undefined => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
      readOr(file)
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter((fields) => fields[1]?.endsWith(`:${hex}`) && fields[3] === LISTENS)
        .map((fields) => `socket:[${fields[9]}]`),
    ),
  );
  if (sockets.size === 0) return undefined;
  for (const pid of entries('/proc').filter((name) => /^\d+$/.test(name))) {
    const holds = entries(`/proc/${pid}/fd`).some((fd) => sockets.has(linkOr(`/proc/${pid}/fd/${fd}`)));
    if (!holds) continue;
    return { pid: Number(pid), command: shortened(readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')) };
  }
  return undefined;
};

const byLsof = (port: number): PortHolder | undefined => {
  try {
    const said = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    const pid = Number(/^p(\d+)$/m.exec(said)?.[1]);
    return Number.isNaN(pid) ? undefined : { pid, command: shortened(/^c(.*)$/m.exec(said)?.[1] ?? '') };
  } catch {
    return undefined; // nobody listens, or there is no lsof to ask
  }
};

const shortened = (command: string): string => {
  const text = command.trim();
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
};

const readOr = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // ended meanwhile, or another user's
  }
};

const entries = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return []; // ended meanwhile, or another user's
  }
};

const linkOr = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
};
