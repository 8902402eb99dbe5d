import { join } from 'node:path';
import type { Fault } from './frame/fault.ts';
import { prove } from './history/prove.ts';
import { startDrivers } from './load/start-drivers.ts';
import { openWorld, type World } from './world/open-world.ts';

/** What was acknowledged is there after the database has crashed, and services find back to it by themselves. */
export const fault: Fault = {
  name: 'database-killed',
  summary:
    'MariaDB killed (SIGKILL) and started again under load: nothing acknowledged is missing, services recover by themselves',
  only: {
    stack: 'external',
    because: 'SQLite runs in the process of its service: killing that is what atomic-publish does',
  },
  own: ['mariadb'],
  seconds: { reduced: 150, full: 400 },
  saboteurs: {
    'unwritten-commits': { breaks: 'MariaDB answers commits that it has not written anywhere yet', env: {} },
  },
  async run(run) {
    const kills = run.full ? 10 : run.sabotage ? 1 : 2;
    await using world = await openWorld(run, { services: { 'parking-lot': 1, booking: 1 } });
    const drivers = await startDrivers({
      world,
      file: join(world.folder, 'history.jsonl'),
      random: run.random,
      patienceMs: 20_000,
    });
    let landed = 0;
    let recoveredMs = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      if (run.sabotage) await keepCommitsInMemory(world);
      await drivers.made(10);
      const { unknown } = drivers.tally;
      await world.servers.own().kill('mariadb');
      await new Promise((resolve) => setTimeout(resolve, 500 + run.random() * 1_000));
      landed += drivers.tally.unknown > unknown ? 1 : 0;
      await world.servers.own().start('mariadb');
      const startedAt = performance.now();
      await drivers.made(3);
      recoveredMs = Math.max(recoveredMs, performance.now() - startedAt);
    }
    await drivers.stop();
    run.expect(`bookings are made again within 20 s (${(recoveredMs / 1000).toFixed(1)} s)`, recoveredMs < 20_000);
    run.expect(
      'no service had to be started again',
      world.all().every(({ ready }) => ready),
    );
    const { violations } = await prove({ world, run, file: drivers.file, settleMs: 60_000 });
    return {
      tried: `${kills} kills of the database under 6 drivers`,
      landed: { count: landed, of: kills, where: 'while calls were under way' },
      lost: violations.length,
    };
  },
};

/** Until it is started again. The log is written once in that many seconds, and when its buffer is full. */
const keepCommitsInMemory = async ({ stores }: World): Promise<void> => {
  const { knex } = await stores.database('booking');
  await knex.raw('SET GLOBAL innodb_flush_log_at_timeout = 2700, GLOBAL innodb_flush_log_at_trx_commit = 0');
};
