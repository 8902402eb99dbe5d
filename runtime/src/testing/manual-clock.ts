import { parseDuration } from '../configuration/parse-duration.ts';
import type { TestClock } from './test-service.ts';

/** A clock that stands at `start` until it is moved. */
export const manualClock = (start: Date | string): TestClock => {
  let now = instant(start);
  return {
    now: () => new Date(now),
    set(time) {
      now = instant(time);
    },
    advance(by) {
      const ms = typeof by === 'number' ? by : parseDuration(by);
      if (ms === undefined) throw new Error(`"${String(by)}" is no ISO 8601 duration such as PT15M`);
      now += ms;
    },
  };
};

const instant = (time: Date | string): number => {
  const ms = new Date(time).getTime();
  if (Number.isNaN(ms)) throw new Error(`"${String(time)}" is no point in time`);
  return ms;
};
