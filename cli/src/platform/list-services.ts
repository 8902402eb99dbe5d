import { instancesOf, urlOfPort } from './instances.ts';
import { memoryOf } from './process-info.ts';
import { readPlatform } from './read-platform.ts';
import { runFiles } from './run-files.ts';
import { readRunning, type ServiceStatus } from './run-state.ts';

/** One line of `parkwise ps`: a process. */
export interface ListedService {
  /** `orders`, or `orders/2` where it has several. */
  readonly name: string;
  readonly service: string;
  readonly url: string;
  readonly status: ServiceStatus;
  readonly pid: number | null;
  readonly restarts: number;
  /** Bytes: proportional share on Linux, resident set elsewhere; null if it does not run. */
  readonly memory: number | null;
}

/** What runs of the workspace at `root`; services that do not run are `stopped`. */
export const listServices = (root: string): readonly ListedService[] => {
  const running = readRunning(runFiles(root));
  if (running !== undefined) {
    return running.services.map(({ name, service, url, status, process: mark, restarts }) => ({
      name,
      service,
      url,
      status,
      pid: mark?.pid ?? null,
      restarts,
      memory: mark === null ? null : (memoryOf(mark.pid) ?? null),
    }));
  }
  const own = readPlatform(root).services.filter(({ external }) => !external);
  const instances = own.flatMap((service) => instancesOf(service, true));
  return instances.map(({ name, service, port }) => ({
    name,
    service: service.name,
    url: urlOfPort(port),
    status: 'stopped',
    pid: null,
    restarts: 0,
    memory: null,
  }));
};

/** The list as a table. */
export const showServices = (services: readonly ListedService[]): string => {
  const rows = services.map(({ name, status, url, pid, restarts, memory }) => [
    name,
    status,
    url,
    pid === null ? '–' : String(pid),
    String(restarts),
    memory === null ? '–' : `${(memory / 2 ** 20).toFixed(0)} MB`,
  ]);
  const table = [['NAME', 'STATUS', 'URL', 'PID', 'RESTARTS', 'MEMORY'], ...rows];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
