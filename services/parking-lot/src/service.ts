import { knexBlocks } from './adapters/knex-blocks.ts';
import { knexBusyPeriods } from './adapters/knex-busy-periods.ts';
import { knexCalendar } from './adapters/knex-calendar.ts';
import { knexSpotSearch } from './adapters/knex-spot-search.ts';
import { knexSpots } from './adapters/knex-spots.ts';
import { tellWatchers } from './adapters/tell-watchers.ts';
import { offerDemoSpots } from './demo/offer-demo-spots.ts';
import { defineService } from './generated/service.ts';

export default defineService(
  ({ sql, publish, live, clock, ids }) => ({
    spots: knexSpots({ sql, publish, watchers: tellWatchers(live) }),
    blocks: knexBlocks({ sql }),
    busyPeriods: knexBusyPeriods(),
    calendar: knexCalendar({ sql }),
    search: knexSpotSearch({ sql }),
    clock,
    ids,
  }),
  { demo: (needs, { transaction }) => transaction((tx) => offerDemoSpots(needs, tx)) },
);
