import { createServer } from 'node:net';
import { ISSUER_OFFSET } from '../read-platform.ts';
import { readRunning } from '../run-state.ts';
import { diagnosing, type Diagnosis, type Patient } from './diagnosis.ts';
import { portHolder } from './port-holder.ts';

const { ok, problem } = diagnosing('ports');

/** Whether `parkwise up` would find its ports free, and who has them if not. */
export const checkPorts = async ({ platform, files, stack }: Patient): Promise<readonly Diagnosis[]> => {
  const running = readRunning(files);
  if (running !== undefined) {
    return [ok('', `the workspace is up (process ${running.supervisor.pid}), its ports are its own`)];
  }
  const wanted = platform.services
    .filter(({ external }) => !external)
    .map(({ name, port = 0 }) => ({ subject: name, port }));
  if (stack === 'embedded') wanted.push({ subject: 'development issuer', port: platform.portBase + ISSUER_OFFSET });
  return Promise.all(
    wanted.map(async ({ subject, port }) => {
      const fault = await bindFault(port);
      if (fault === undefined) return ok(subject, `port ${port} is free`);
      if (fault === 'EACCES') {
        return problem({ subject, message: `port ${port} may not be used by this user` }, 'Take one above 1023.');
      }
      const holder = portHolder(port);
      const who = holder ? `process ${holder.pid} (${holder.command})` : 'another program, perhaps of another user,';
      return problem(
        { subject, message: `port ${port} is taken: ${who} listens there` },
        `Stop it (if it is another checkout: "parkwise down" there), or move all ports: "parkwise up --port-base ${platform.portBase + 1000}".`,
      );
    }),
  );
};

const bindFault = (port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(undefined)));
  });
