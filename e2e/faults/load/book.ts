import { connect as connectBooking } from '../../../services/booking/src/generated/testing.ts';
import { somebody, type World } from '../world/open-world.ts';

export interface Window {
  readonly spotId: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A window that starts so many minutes after midnight of the day after tomorrow. */
export const windowAt = (spotId: string, startMinutes: number, minutes: number): Window => {
  const start = Math.ceil(Date.now() / (24 * HOUR_MS) + 1) * 24 * HOUR_MS + startMinutes * MINUTE_MS;
  return {
    spotId,
    startsAt: new Date(start).toISOString(),
    endsAt: new Date(start + minutes * MINUTE_MS).toISOString(),
  };
};

/** The clients of some drivers, each going round the instances of the service. */
export const driversOf = (world: World, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const instances = world.instances('booking');
    const url = instances[index % instances.length]?.url ?? '';
    return connectBooking({ url, token: world.token(somebody('driver')) });
  });

/** Runs `work` for each item, so many at a time. @returns how often each result came. */
export const rush = async <Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<string>,
): Promise<Readonly<Record<string, number>>> => {
  const counts: Record<string, number> = {};
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const result = await work(items[index] as Item, index);
      counts[result] = (counts[result] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return counts;
};
