import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { connect as connectBooking } from '../../services/booking/src/generated/testing.ts';
import type { Fault } from './frame/fault.ts';
import { prove } from './history/prove.ts';
import { readHistory } from './history/history.ts';
import { startDrivers } from './load/start-drivers.ts';
import { eventually } from './tally/count-records.ts';
import { openWorld, somebody, type World } from './world/open-world.ts';

/** A database that takes no more: who wants to write is told so, who reads is not concerned, and nothing is there by halves. */
export const fault: Fault = {
  name: 'disk-full',
  summary:
    'the database of booking has no room for more (max_page_count): 503 for who writes, 200 for who reads, nothing half-written, recovers',
  only: {
    stack: 'embedded',
    because: 'the limit by which a full disk is played is one of SQLite',
  },
  seconds: { reduced: 120, full: 240 },
  saboteurs: {
    'outbox-apart': { breaks: 'messages are stored in a transaction of their own, after the one they tell of' },
  },
  async run(run) {
    const rounds = run.full ? 5 : 1;
    await using world = await openWorld(run, { services: { 'parking-lot': 1, booking: 1 } });
    const booking = world.service('booking');
    const reader = connectBooking({ url: booking.url, token: world.token(somebody('driver')) });
    const file = join(world.folder, 'history.jsonl');
    const drivers = await startDrivers({ world, file, random: run.random, patienceMs: 20_000 });
    let refused = 0;
    let readable = true;
    for (let round = 0; round < rounds; round += 1) {
      await drivers.made(5);
      await booking.stop();
      const url = world.stores.databaseUrl('booking');
      await booking.start({ PARKWISE_DATABASE_URL: `${url}?maxPages=${pages(world) + 12}` });
      const before = fullAnswers(file);
      await eventually(async () => fullAnswers(file) - before >= 30, 30_000);
      refused += fullAnswers(file) - before;
      readable &&= (await reader.listMyBookings({})).status === 200;
      await booking.stop();
      await booking.start({ PARKWISE_DATABASE_URL: url });
    }
    await drivers.made(5);
    await drivers.stop();
    run.need(`writers were told that there is no room (${refused} times)`, refused >= 20);
    run.expect('readers are answered', readable);
    const statuses = new Set(unknownAnswers(file).filter((why) => /^\d{3}$/.test(why)));
    run.expect(
      `and no other error than 503 (${[...statuses].join(', ')})`,
      [...statuses].every((status) => status === '503'),
    );
    const { violations } = await prove({ world, run, file });
    return {
      tried: `${rounds} times no room for more under 6 drivers, ${refused} writes refused`,
      lost: violations.length,
    };
  },
};

const unknownAnswers = (file: string): string[] =>
  readHistory(file).flatMap(({ told }) => (told.outcome === 'unknown' ? [told.why] : []));

const fullAnswers = (file: string): number => unknownAnswers(file).filter((why) => why === '503').length;

const pages = ({ stores }: World): number => {
  const database = new DatabaseSync(stores.databaseUrl('booking').slice('sqlite:'.length));
  try {
    return Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  } finally {
    database.close();
  }
};
