import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

const HOST = hostname();

/** Name under which this process holds a lease in a file that only processes of this machine share: `host pid random`. */
export const newOwner = (): string => `${HOST} ${process.pid} ${randomUUID()}`;

/**
 * Whether the owner is known to be gone, so that its lease need not be waited for: a killed process cannot give it back.
 * An owner on another host, or one whose pid was taken over by somebody else, is left to its lease.
 */
export function isGone(owner: string): boolean {
  const [host, pid] = owner.split(' ');
  if (host !== HOST || pid === undefined) return false;
  if (Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
