import { startPlatform } from '../../platform/start-platform.ts';
import { startBookingLoad } from './booking-load.ts';
import { openEffects, type Effects } from './effects.ts';
import { allReady, killPlatform, killService } from '../../platform/kill.ts';
import { seededRandom } from '../frame/seeded-random.ts';

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  /** One of the faults that the runtime can be told to have. */
  readonly sabotage?: string;
  /** Services that are killed; all of them, and the whole platform now and then, if left out. */
  readonly victims?: readonly string[];
  /** Milliseconds without load after which the last effects must have arrived. */
  readonly settleMs?: number;
}

export interface KillReport extends Effects {
  readonly kills: number;
  /** Kills that found something committed and not yet acknowledged: in the outbox, or handled before its offset was stored. */
  readonly landed: number;
  /** Bookings that a client was told of and that are not in the database. */
  readonly forgotten: number;
}

const CLIENTS = 6;
/** Of so many kills one ends the whole platform, the others a single service. */
const WHOLE_PLATFORM_EVERY = 10;
const EVERYBODY = ['booking', 'parking-lot', 'booking', 'parking-lot', 'identity'];

/** Books under load, kills at random points, and compares in the end. */
export const killRounds = async ({
  kills,
  seed,
  sabotage,
  victims = EVERYBODY,
  settleMs = 20_000,
}: KillOptions): Promise<KillReport> => {
  const random = seededRandom(seed);
  await using platform = await startPlatform({
    demo: false,
    env: {
      PARKWISE_RESTART_DELAY: 'PT0.1S',
      PARKWISE_RESTART_DELAY_MAX: 'PT0.1S',
      PARKWISE_CIRCUIT_RECOVERY: 'PT0.1S',
      ...(sabotage && { PARKWISE_SABOTAGE: sabotage }),
    },
  });
  const load = await startBookingLoad(platform, CLIENTS);
  const databases = openEffects(platform);
  let landed = 0;
  for (let round = 1; round <= kills; round += 1) {
    // Only a kill under load says anything: wait until bookings are made again, then for a moment that chance decides.
    await load.made(3);
    await new Promise((resolve) => setTimeout(resolve, random() * 200));
    const whole = victims === EVERYBODY && round % WHOLE_PLATFORM_EVERY === 0;
    if (whole) killPlatform(platform);
    else killService(platform, victims[Math.floor(random() * victims.length)] ?? 'booking');
    const { unpublished, unacknowledged } = databases.inFlight();
    if (unpublished + unacknowledged > 0) landed += 1;
    if (whole) await platform.up();
    await allReady(platform);
  }
  await load.stop();
  await databases.settled(settleMs);
  const effects = databases.effects();
  const forgotten = databases.forgotten(load.acknowledged);
  databases.close();
  return { kills, landed, forgotten, ...effects };
};
