import { join } from 'node:path';
import type { Fault } from './frame/fault.ts';
import { prove } from './history/prove.ts';
import { startDrivers } from './load/start-drivers.ts';
import { openWorld } from './world/open-world.ts';
import { inFlight } from './world/in-flight.ts';

/** Outbox, inbox and acknowledgement have to survive the death of either side between any two steps. */
export const fault: Fault = {
  name: 'atomic-publish',
  summary:
    'kill -9 of booking (and parking-lot) at random points under load: each committed change is announced and followed once',
  seconds: { reduced: 120, full: 600 },
  saboteurs: {
    'publish-after-commit': { breaks: 'messages are sent after the commit instead of through the outbox' },
    'ack-before-handler': { breaks: 'the offset is stored before the handler runs' },
  },
  async run(run) {
    const kills = run.full ? 200 : 6;
    await using world = await openWorld(run, {
      services: { 'parking-lot': 1, booking: 1 },
      env: { PARKWISE_CIRCUIT_RECOVERY: 'PT0.1S' },
    });
    const drivers = await startDrivers({ world, file: join(world.folder, 'history.jsonl'), random: run.random });
    const victims = ['booking', 'booking', 'booking', 'parking-lot'] as const;
    let landed = 0;
    for (let round = 0; round < kills; round += 1) {
      // Only a kill under load says anything: wait until bookings are made again, then for a moment that chance decides.
      await drivers.made(3);
      await new Promise((resolve) => setTimeout(resolve, run.random() * 150));
      const victim = world.service(victims[Math.floor(run.random() * victims.length)] ?? 'booking');
      await victim.kill();
      if ((await inFlight(world)) > 0) landed += 1;
      await victim.start();
    }
    await drivers.stop();
    const { violations } = await prove({ world, run, file: drivers.file, settleMs: 60_000 });
    run.need('there was load', drivers.tally.done > kills * 3);
    return {
      tried: `${kills} kills of booking and parking-lot under 6 drivers`,
      landed: { count: landed, of: kills, where: 'between commit and acknowledgement' },
      lost: violations.length,
    };
  },
};
