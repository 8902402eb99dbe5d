import type { Tx } from '@parkwise/runtime';
import { instantText } from '../application/instant.ts';
import type { Spot, SpotEvent } from '../domain/spot.ts';
import type { Publish } from '../generated/messages.ts';

/** Turns what happened to a spot into a message of the contract. */
export const announce =
  (publish: Publish) =>
  async (tx: Tx, { spot, event, sequence }: Announcement): Promise<void> => {
    const about = { key: spot.id, sequence };
    const at = instantText(event.at);
    const whose = { spotId: spot.id, providerId: spot.providerId };
    const location = { type: 'Point' as const, coordinates: [...spot.location.coordinates] };
    const { title, type, timeZone } = spot;
    const { basePricePerHour } = spot.pricing;
    switch (event.kind) {
      case 'listed': {
        const data = { ...whose, title, type, location, timeZone, basePricePerHour, listedAt: at };
        return publish.parkingSpotListed(tx, data, about);
      }
      case 'updated':
      case 'removed': {
        const status = event.kind === 'removed' ? ('REMOVED' as const) : spot.status;
        const data = { ...whose, status, title, type, location, timeZone, basePricePerHour, updatedAt: at };
        return publish.parkingSpotUpdated(tx, data, about);
      }
      case 'occupation-changed': {
        const [startsAt, endsAt] = [instantText(event.window.from), instantText(event.window.to)];
        const data = { ...whose, location, status: event.to, startsAt, endsAt, changedAt: at };
        return publish.parkingSpotAvailabilityChanged(tx, data, about);
      }
    }
  };

export interface Announcement {
  readonly spot: Spot;
  readonly event: SpotEvent;
  /** Place of the event among those about the spot. */
  readonly sequence: number;
}
