import type { ChildProcess } from 'node:child_process';
import type { Instance } from './instances.ts';
import { urlOfPort } from './instances.ts';
import type { RestartDelays } from './restart-delays.ts';
import type { ServiceState } from './run-state.ts';
import type { StartProblem } from './start-problem.ts';
import { superviseService } from './supervised-service.ts';

/** All processes of one service. */
export interface ServiceGroup {
  readonly service: string;
  readonly states: readonly ServiceState[];
  /** Resolves once all are ready, or with why one cannot become so. */
  start(): Promise<StartProblem | undefined>;
  /** One after another: a new process is ready before the old one goes. */
  restart(progress: (line: string) => void): Promise<StartProblem | undefined>;
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

export interface ServiceGroupOptions {
  readonly instances: readonly Instance[];
  readonly root: string;
  readonly delays: RestartDelays;
  readonly spawn: (instance: Instance, start: { readonly takesOver: boolean }) => Promise<ChildProcess>;
  readonly changed: () => void;
  readonly line: (instance: string, line: string) => void;
  readonly demo: (notes: readonly string[]) => void;
  readonly ready: () => void;
}

/** Of a process that was replaced: a client that sends a request over an idle connection is answered still, a slow answer is waited for. */
const PATIENCE = { lingerMs: 3_000, graceMs: 60_000 } as const;

export const superviseGroup = (service: string, options: ServiceGroupOptions): ServiceGroup => {
  const { instances, root, delays, changed, demo, ready } = options;
  const supervised = instances.map((instance) =>
    superviseService({
      service,
      name: instance.name,
      url: urlOfPort(instance.port),
      root,
      delays,
      changed,
      demo,
      ready,
      spawn: (start) => options.spawn(instance, start),
      line: (text) => options.line(instance.name, text),
      notice: (msg, level) =>
        options.line(instance.name, JSON.stringify({ level, time: new Date().toISOString(), msg })),
    }),
  );
  return {
    service,
    get states() {
      return supervised.map(({ state }) => state);
    },
    async start() {
      const [first, ...others] = supervised;
      // It alone brings the database up to date and fills it.
      const problem = await first?.start();
      if (problem !== undefined) return problem;
      return (await Promise.all(others.map((one) => one.start()))).find((found) => found !== undefined);
    },
    async restart(progress) {
      for (const one of supervised) {
        const begun = performance.now();
        const problem = await one.replace(PATIENCE);
        if (problem !== undefined) return problem;
        progress(`${one.state.name} is replaced (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
      }
      await Promise.all(supervised.map((one) => one.settled()));
      return undefined;
    },
    async stop(stopMs) {
      await Promise.all(supervised.map((one) => one.stop(stopMs)));
    },
    kill() {
      for (const one of supervised) one.kill();
    },
  };
};
