import { createServer } from 'node:net';
import type { Platform, PlatformService } from './read-platform.ts';

/** One process of a service. */
export interface Instance {
  readonly service: PlatformService;
  /** From 1. */
  readonly index: number;
  /** `orders/2`; `orders` where there is one alone. */
  readonly name: string;
  readonly port: number;
  /** Others listen on its port as well. */
  readonly sharesPort: boolean;
}

/** Between the ports of a service's processes where they cannot share one. */
const PORT_STEP = 100;

/** The processes that a service is to have. */
export const instancesOf = (service: PlatformService, canShare: boolean): readonly Instance[] => {
  const { name, scale, port = 0 } = service;
  return Array.from({ length: scale }, (_, at) => ({
    service,
    index: at + 1,
    name: scale === 1 ? name : `${name}/${at + 1}`,
    port: canShare ? port : port + at * PORT_STEP,
    sharesPort: canShare && scale > 1,
  }));
};

export const HOST = '127.0.0.1';

export const urlOfPort = (port: number): string => `http://${HOST}:${port}`;

/** Where a service answers: one place, or one per process where they cannot share a port; none for an external one not known. */
export const urlsOf = (service: PlatformService, canShare: boolean): readonly string[] => {
  if (service.port === undefined) return service.url === undefined ? [] : [service.url];
  return [...new Set(instancesOf(service, canShare).map(({ port }) => urlOfPort(port)))];
};

/** Names of all own processes, for a log's margin. */
export const instanceNames = ({ services }: Platform): readonly string[] =>
  services.flatMap((service) => (service.external ? [] : instancesOf(service, true).map(({ name }) => name)));

/**
 * Whether processes can listen on one port here (SO_REUSEPORT: Linux and most BSDs, not macOS and Windows). `PARKWISE_REUSE_PORT=false`
 * says no.
 */
export const canSharePorts = async (env: Readonly<Record<string, string | undefined>>): Promise<boolean> => {
  if (env['PARKWISE_REUSE_PORT'] === 'false') return false;
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port: 0, host: HOST, reusePort: true }, () => probe.close(() => resolve(true)));
  });
};
