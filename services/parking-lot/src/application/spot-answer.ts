import type { Money } from '../domain/money.ts';
import type { OpeningHours } from '../domain/opening-hours.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { SpotMatch } from '../domain/search.ts';
import type { Spot } from '../domain/spot.ts';
import type { components } from '../generated/openapi.ts';
import { instantText } from './instant.ts';

type Schemas = components['schemas'];

/** A spot that has been found and can be had. */
export interface Offer {
  readonly spot: Spot;
  readonly match: SpotMatch;
  /** Missing if no window was searched for. */
  readonly windowPrice?: Money;
}

/** A spot as the contract shows it. */
export const spotAnswer = (spot: Spot): Schemas['Spot'] => ({
  id: spot.id,
  providerId: spot.providerId,
  status: spot.status,
  title: spot.title,
  ...(spot.description !== undefined && { description: spot.description }),
  type: spot.type,
  size: spot.size,
  location: pointAnswer(spot),
  address: spot.address,
  timeZone: spot.timeZone,
  amenities: [...spot.amenities],
  photoUrls: [...spot.photoUrls],
  pricing: pricingAnswer(spot.pricing),
  openingHours: openingHoursAnswer(spot.openingHours),
  cancellationPolicy: spot.cancellationPolicy,
  ...(spot.rating && { rating: spot.rating }),
  version: spot.version,
  createdAt: instantText(spot.createdAt),
  updatedAt: instantText(spot.updatedAt),
});

/** A spot as search shows it. */
export const matchAnswer = ({ spot, match, windowPrice }: Offer): Schemas['SpotMatch'] => ({
  spotId: spot.id,
  title: spot.title,
  type: spot.type,
  location: pointAnswer(spot),
  address: spot.address,
  amenities: [...spot.amenities],
  basePricePerHour: spot.pricing.basePricePerHour,
  ...(windowPrice && { windowPrice }),
  distance: Math.round(match.distance),
  ...(spot.rating && { rating: spot.rating }),
});

const pointAnswer = ({ location }: Spot): Schemas['Point'] => ({
  type: 'Point',
  coordinates: [...location.coordinates],
});

const pricingAnswer = ({ rules, ...pricing }: Pricing): Schemas['Pricing'] => ({
  ...pricing,
  ...(rules && { rules: rules.map((rule) => ({ ...rule, days: [...rule.days] })) }),
});

const openingHoursAnswer = ({ weekly, seasons }: OpeningHours): Schemas['OpeningHours'] => ({
  ...(weekly && { weekly: weekly.map((hours) => ({ ...hours, days: [...hours.days] })) }),
  ...(seasons && { seasons: [...seasons] }),
});
