import type { Clock } from './service-definition.ts';

/** The machine's time. */
export const systemClock: Clock = { now: () => new Date() };
