import type { Money } from '../domain/money.ts';
import type { SpotMatch } from '../domain/search.ts';
import type { Spot } from '../domain/spot.ts';
import { instantText } from './instant.ts';

/** A spot as the contract shows it. Contract types hold mutable lists, hence the copies. */
export const spotAnswer = ({ createdAt, updatedAt, ...spot }: Spot) => ({
  ...structuredClone(spot as Mutable<typeof spot>),
  createdAt: instantText(createdAt),
  updatedAt: instantText(updatedAt),
});

/** A spot that has been found and can be had. */
export interface Offer {
  readonly spot: Spot;
  readonly match: SpotMatch;
  /** Missing if no window was searched for. */
  readonly windowPrice?: Money;
}

/** A spot as search shows it. */
export const matchAnswer = ({ spot, match, windowPrice }: Offer) => {
  const { title, type, location, address, amenities, pricing, rating } = spot;
  return {
    spotId: spot.id,
    ...structuredClone({ title, type, location, address, amenities } as Mutable<typeof spot>),
    basePricePerHour: pricing.basePricePerHour,
    ...(windowPrice && { windowPrice }),
    distance: Math.round(match.distance),
    ...(rating && { rating }),
  };
};

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
