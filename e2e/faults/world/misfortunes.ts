/** What can befall the processes and servers of a world: each happens, lasts for a while that chance decides, and is over. */
import type { FaultRun } from '../frame/fault.ts';
import { breakBroker, hangDatabase, type Repair } from './break-down.ts';
import type { World } from './open-world.ts';
import type { ServiceProcess } from './service-process.ts';
import type { ServerName } from './servers.ts';

export interface Misfortune {
  readonly name: string;
  /** Resolves when it is over. */
  readonly happen: () => Promise<void>;
}

/** At least, and at most. */
const DOWN_MS = [0, 1_500] as const;
const HUNG_MS = [500, 4_000] as const;
const RESTART_MS = 60_000;

/** Those of the run's stack; any of them may happen while any other does. */
export const misfortunesOf = (run: FaultRun, world: World): Misfortune[] => {
  const last = ([least, most]: readonly [number, number]): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, least + run.random() * (most - least)));
  const lasting =
    (span: readonly [number, number], breakDown: () => Promise<Repair>): Misfortune['happen'] =>
    async () => {
      const repair = await breakDown();
      await last(span);
      await repair();
    };
  const one = (service: 'booking' | 'parking-lot'): ServiceProcess => {
    const all = world.instances(service);
    return all[Math.floor(run.random() * all.length)] ?? world.service(service);
  };
  const killed = (service: 'booking' | 'parking-lot') => {
    const victim = one(service);
    return lasting(DOWN_MS, async () => {
      await victim.kill();
      return () => startAgain(victim);
    });
  };
  const hung = (service: 'booking' | 'parking-lot') => {
    const victim = one(service);
    return lasting(HUNG_MS, async () => {
      victim.pause();
      return async () => victim.resume();
    });
  };
  const serverKilled = (name: ServerName) =>
    lasting(DOWN_MS, async () => {
      await world.servers.own().kill(name);
      return async () => void (await world.servers.own().start(name));
    });
  const serverHung = (name: ServerName) =>
    lasting(HUNG_MS, async () => {
      world.servers.own().pause(name);
      return async () => world.servers.own().resume(name);
    });

  const ofServices: Misfortune[] = [
    { name: 'booking killed', happen: killed('booking') },
    { name: 'parking-lot killed', happen: killed('parking-lot') },
    { name: 'booking hung', happen: hung('booking') },
    { name: 'parking-lot hung', happen: hung('parking-lot') },
  ];
  if (run.stack === 'embedded') {
    return [
      ...ofServices,
      { name: 'database locked', happen: lasting(HUNG_MS, () => hangDatabase(run, world)) },
      { name: 'log locked', happen: lasting(HUNG_MS, () => breakBroker(run, world)) },
    ];
  }
  // Of one server one thing at a time.
  const either = (name: ServerName): Misfortune =>
    run.random() < 0.5
      ? { name: `${name} killed`, happen: serverKilled(name) }
      : { name: `${name} hung`, happen: serverHung(name) };
  return [...ofServices, either('mariadb'), either('kafka'), either('redis')];
};

/** As a supervisor does: what cannot start because its database is away is started again until it can. */
const startAgain = async (victim: ServiceProcess): Promise<void> => {
  const deadline = performance.now() + RESTART_MS;
  for (;;) {
    try {
      await victim.start();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
};
