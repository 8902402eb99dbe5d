import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { UserError } from '../application/user-error.ts';
import { instancesOf } from './instances.ts';
import { ISSUER_OFFSET, type Platform } from './read-platform.ts';

/** Path of a service's entry, from its directory. */
export const ENTRY = join('src', 'generated', 'main.ts');

/** Finds what would stop the platform from starting before anything is started: no generated code, ports that others have. */
export const checkBeforeStart = async (
  platform: Platform,
  { canShare, hasIssuer }: { readonly canShare: boolean; readonly hasIssuer: boolean },
): Promise<void> => {
  const own = platform.services.filter(({ external }) => !external);
  if (own.length === 0) {
    throw new UserError({
      code: 'no-services',
      message: 'parkwise.yaml lists no service to run',
      nextSteps: ['Add one with "parkwise add service <name>".'],
    });
  }
  const bare = own.filter(({ directory }) => !existsSync(join(directory, ENTRY)));
  if (bare.length > 0) {
    const places = bare.map(({ directory }) => relative(platform.root, join(directory, ENTRY)));
    throw new UserError({
      code: 'no-generated-code',
      message: `there is no generated code yet: ${places.join(', ')} ${places.length === 1 ? 'is' : 'are'} missing`,
      nextSteps: [
        `Run "parkwise generate${bare.length === own.length ? '' : ` ${bare.map(({ name }) => name).join(' ')}`}".`,
      ],
    });
  }
  const wanted = own.flatMap((service) =>
    instancesOf(service, canShare).filter(({ index, sharesPort }) => index === 1 || !sharesPort),
  );
  const ports = wanted.map(({ name, port, service, sharesPort }) => ({ name: sharesPort ? service.name : name, port }));
  if (hasIssuer) ports.push({ name: 'the development issuer', port: platform.portBase + ISSUER_OFFSET });
  const taken = await Promise.all(ports.map(async (entry) => ((await isTaken(entry.port)) ? entry : undefined)));
  const lines = taken.filter((entry) => entry !== undefined).map(({ name, port }) => `port ${port} of ${name}`);
  if (lines.length === 0) return;
  throw new UserError({
    code: 'port-taken',
    message: `${lines.join(', ')} ${lines.length === 1 ? 'is' : 'are'} taken by another program`,
    nextSteps: [
      'Stop that program (another checkout that is up, perhaps: "parkwise down" there), or',
      `move all ports: "parkwise up --port-base ${platform.portBase + 1000}".`,
    ],
    exitCode: 1,
  });
};

const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(true);
      else reject(error);
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(false)));
  });
