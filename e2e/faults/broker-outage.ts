import { join } from 'node:path';
import type { Fault } from './frame/fault.ts';
import { readHistory } from './history/history.ts';
import { prove } from './history/prove.ts';
import { percentile } from './load/percentile.ts';
import { startDrivers } from './load/start-drivers.ts';
import { breakBroker } from './world/break-down.ts';
import { inFlight } from './world/in-flight.ts';
import { openWorld } from './world/open-world.ts';

/** What may pass from the end of the outage until everything has arrived. */
const DRAIN_MS = 60_000;
const SLOWEST_MS = 2_000;

/** Messages wait in the outbox, however long it takes; clients do not notice. */
export const fault: Fault = {
  name: 'broker-outage',
  summary:
    'no broker for 60 s under load (Kafka killed; the log locked), a booking killed in it: HTTP unaffected, nothing lost, drained in 60 s',
  own: ['kafka'],
  seconds: { reduced: 120, full: 300 },
  saboteurs: { 'publish-after-commit': { breaks: 'messages are sent after the commit instead of through the outbox' } },
  async run(run) {
    const outageMs = run.full ? 60_000 : 4_000;
    await using world = await openWorld(run, { services: { 'parking-lot': 1, booking: 1 } });
    const drivers = await startDrivers({ world, file: join(world.folder, 'history.jsonl'), random: run.random });
    await drivers.made(10);
    const { tally, took } = drivers;
    const before = percentile(took, 0.99);
    const answered = took.length;
    const lostAnswers = tally.unknown;
    const repair = await breakBroker(run, world);
    const end = performance.now() + outageMs;
    while (performance.now() < end) await drivers.made(1);
    // Payments go to the broker and not to a service: theirs are not counted.
    const unanswered = unansweredCalls(drivers.file);
    const during = took.slice(answered).filter((ms) => ms < SLOWEST_MS);
    run.note(
      `99 of 100 calls took at most ${before.toFixed(0)} ms before, ${percentile(during, 0.99).toFixed(0)} ms during the outage; ${tally.unknown - lostAnswers} payments not taken`,
    );
    await drivers.stop();
    const waiting = await inFlight(world);
    // What only its memory knows is gone now.
    await world.service('booking').kill();
    await repair();
    const repairedAt = performance.now();
    await world.service('booking').start();
    const { violations, evidence } = await prove({
      world,
      run,
      file: drivers.file,
      settleMs: DRAIN_MS,
    });
    const drainedMs = performance.now() - repairedAt;
    run.need('bookings were made during the outage', took.length - answered > 10);
    run.expect('each request was answered, none by an error', unanswered === 0);
    run.expect(`all arrived within ${DRAIN_MS / 1000} s (${(drainedMs / 1000).toFixed(1)} s)`, drainedMs < DRAIN_MS);
    return {
      tried: `${outageMs / 1000} s without a broker under 6 drivers, ${evidence.bookings.length} bookings`,
      landed: { count: waiting, of: evidence.events.length, where: 'messages waited when it came back' },
      lost: violations.length,
    };
  },
};

/** Those still under way have not been told anything yet. */
const unansweredCalls = (file: string): number =>
  readHistory(file).filter(
    ({ request, told }) => request.op !== 'pay' && told.outcome === 'unknown' && told.why !== 'never answered',
  ).length;
