import type { Closing, LiveState } from '../../services/parking-lot/src/generated/live-client.ts';

/** Remembers what it is told, and lets a test wait for it. */
export const listen = () => {
  const told: { readonly name: string; readonly data: unknown; readonly version?: unknown }[] = [];
  const waiting = new Set<() => void>();
  const note = (name: string) => (data: unknown, version?: unknown) => {
    told.push({ name, data, version });
    for (const look of waiting) look();
  };
  const first = (accept: (name: string, data: Record<string, unknown>) => boolean, since = 0): Promise<number> =>
    new Promise((resolve) => {
      const look = (): void => {
        const index = told.findIndex(
          ({ name, data }, at) => at >= since && accept(name, data as Record<string, unknown>),
        );
        if (index < 0) return;
        waiting.delete(look);
        resolve(index);
      };
      waiting.add(look);
      look();
    });
  const state = (state: LiveState, closing?: Closing): void => note('state')({ state, closing });
  return { told, note, first, state };
};
