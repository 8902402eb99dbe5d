import { EventEmitter, once } from 'node:events';
import { mintToken } from '../../platform/mint-token.ts';
import { clientsOf, register } from '../../platform/people.ts';
import { offerSpot } from '../../platform/offer-spot.ts';
import type { Platform } from '../../platform/start-platform.ts';

export interface BookingLoad {
  /** Bookings that a client was told of with 201. */
  readonly acknowledged: ReadonlySet<string>;
  /** Resolves when so many bookings more than now have been made. */
  made(more: number): Promise<void>;
  /** Ends when no attempt is under way any more. */
  stop(): Promise<void>;
}

const SPOTS = 4;
const HOUR_MS = 3_600_000;

/**
 * Books without pause, `clients` at a time, each attempt another free hour of a spot. What a killed service does to a request (refused, cut off,
 * 503) is part of the test: the client tries the next one.
 */
export const startBookingLoad = async (platform: Platform, clients: number): Promise<BookingLoad> => {
  const provider = await register(platform, 'provider', 'marta');
  const spots = await Promise.all(Array.from({ length: SPOTS }, (_, index) => offerSpot(provider, `Spot ${index}`)));
  const token = await mintToken(platform, {
    sub: '01900000-0000-7000-8000-0000000e0001',
    scopes: ['bookings:write'],
    roles: ['driver'],
  });
  const { booking } = clientsOf(platform, token);
  const acknowledged = new Set<string>();
  const firstHour = Math.ceil(Date.now() / HOUR_MS) + 24;
  const progress = new EventEmitter();
  let attempt = 0;
  const stopping = new AbortController();

  const client = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const spot = spots[attempt % SPOTS];
      const hour = firstHour + Math.floor(attempt / SPOTS);
      attempt += 1;
      try {
        const made = await booking.createBooking({
          body: {
            spotId: spot?.id ?? '',
            startsAt: new Date(hour * HOUR_MS).toISOString(),
            endsAt: new Date((hour + 1) * HOUR_MS).toISOString(),
          },
        });
        if (made.status === 201) {
          acknowledged.add(made.body.id);
          progress.emit('made');
        }
        await pause();
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        await pause();
      }
    }
  };
  const running = Array.from({ length: clients }, client);
  return {
    acknowledged,
    async made(more) {
      for (let left = more; left > 0; left -= 1) await once(progress, 'made');
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
};

/** Without a pause the clients would take the processor from who starts again: what is down answers at once. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
