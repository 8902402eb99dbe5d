import { spotAvailability, type LiveState } from '../../../services/parking-lot/src/generated/live-client.ts';
import { somebody, type World } from '../world/open-world.ts';
import type { ServiceProcess } from '../world/service-process.ts';

export interface Watcher {
  /** Starts of the windows that it was told are reserved, by whole or by change. */
  readonly reserved: ReadonlySet<string>;
  readonly states: readonly LiveState[];
  /** Whether it was told that it hears of changes later than they happen. */
  readonly warned: boolean;
  close(): void;
}

/** Watches one spot through one process of parking-lot, as an app does. */
export const watchSpot = (
  world: World,
  through: ServiceProcess,
  spotId: string,
  days: { from: string; to: string },
): Watcher => {
  const reserved = new Set<string>();
  const states: LiveState[] = [];
  const note = (status: string, startsAt: string): void => {
    const start = new Date(startsAt).toISOString();
    if (status === 'RESERVED') reserved.add(start);
    else reserved.delete(start);
  };
  let warned = false;
  const handle = spotAvailability(
    { parameters: { spotId }, query: days },
    {
      spotAvailability({ occupied }) {
        reserved.clear();
        for (const { status, startsAt } of occupied) note(status, startsAt);
      },
      spotWindowChanged: ({ status, startsAt }) => note(status, startsAt),
      liveUpdates: ({ state }) => {
        if (state === 'delayed') warned = true;
      },
      state: (state) => void states.push(state),
    },
    { url: through.url, token: world.token(somebody('driver')), backoff: { first: 50, longest: 500 } },
  );
  return {
    reserved,
    states,
    get warned() {
      return warned;
    },
    close: () => handle.close(),
  };
};
