import { join } from 'node:path';
import type { Fault } from './frame/fault.ts';
import { prove } from './history/prove.ts';
import { startDrivers } from './load/start-drivers.ts';
import { inFlight } from './world/in-flight.ts';
import { openWorld } from './world/open-world.ts';

/** A service that starts before its broker serves requests, and sends and receives once the broker is there. */
export const fault: Fault = {
  name: 'kafka-gone-at-start',
  summary: 'services are started while Kafka is gone: requests are answered, and all messages arrive once it is there',
  only: { stack: 'external', because: 'the embedded log is a file, which the first service to start makes' },
  own: ['kafka'],
  seconds: { reduced: 120, full: 240 },
  saboteurs: { 'publish-after-commit': { breaks: 'messages are sent after the commit instead of through the outbox' } },
  async run(run) {
    await using world = await openWorld(run, {
      services: { 'parking-lot': 1, booking: 1 },
      asleep: true,
    });
    const startedAt = performance.now();
    await world.start();
    run.note(`both are ready ${((performance.now() - startedAt) / 1000).toFixed(1)} s after their start`);
    const file = join(world.folder, 'history.jsonl');
    // Nobody pays: there is nobody to send payments to.
    const drivers = await startDrivers({ world, file, random: run.random, pay: 0, broker: false });
    await drivers.made(run.full ? 200 : 20);
    await drivers.stop();
    const { unknown } = drivers.tally;
    // What only its memory knows is gone now.
    await world.service('booking').kill();
    await world.servers.own().start('kafka');
    await world.service('booking').start();
    const waiting = await inFlight(world);
    const { violations, evidence } = await prove({ world, run, file, settleMs: 60_000 });
    run.expect('each request was answered, none by an error', unknown === 0);
    return {
      tried: `${evidence.bookings.length} bookings while Kafka was gone from the start`,
      landed: {
        count: Math.min(waiting, evidence.bookings.length),
        of: evidence.bookings.length,
        where: 'had messages waiting',
      },
      lost: violations.length,
    };
  },
};
