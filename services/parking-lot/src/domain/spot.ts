import type { Point } from './geography.ts';
import type { Money } from './money.ts';
import { openingHoursFault } from './opening-hours.ts';
import type { OpeningHours } from './opening-hours.ts';
import { pricingFault } from './pricing.ts';
import type { Pricing } from './pricing.ts';
import type { TimeWindow } from './time-window.ts';
import { timeZoneNamed } from './time-zone.ts';

export type SpotStatus = 'LISTED' | 'UNLISTED';
export type SpotType = 'regular' | 'evCharging' | 'handicap' | 'covered';
export type SpotSize = 'compact' | 'standard' | 'large';
export type Amenity =
  | 'lighting'
  | 'guarded'
  | 'videoSurveillance'
  | 'contactlessEntry'
  | 'restroom'
  | 'elevator'
  | 'carWash'
  | 'bikeRack';

export interface Address {
  readonly street: string;
  readonly city: string;
  readonly postalCode?: string;
  readonly countryCode: string;
}

/** Hours before the start until which a cancellation is refunded, in whole and in part. */
export interface CancellationPolicy {
  readonly fullRefundHours: number;
  readonly partialRefundHours: number;
  readonly partialRefundPercent: number;
}

/** What a provider says about a spot. */
export interface SpotTerms {
  readonly status: SpotStatus;
  readonly title: string;
  readonly description?: string;
  readonly type: SpotType;
  readonly size: SpotSize;
  readonly location: Point;
  readonly address: Address;
  readonly timeZone: string;
  readonly amenities: readonly Amenity[];
  readonly photoUrls: readonly string[];
  readonly pricing: Pricing;
  readonly openingHours: OpeningHours;
  readonly cancellationPolicy: CancellationPolicy;
}

export interface Rating {
  readonly average: number;
  readonly count: number;
}

export interface Spot extends SpotTerms {
  readonly id: string;
  readonly providerId: string;
  readonly rating?: Rating;
  /** Counts the changes by the provider, from 1. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What becomes of a spot during a window. */
export type Occupation = 'AVAILABLE' | 'RESERVED' | 'BLOCKED';

/** What happened to a spot. */
export type SpotEvent =
  | { readonly kind: 'listed'; readonly at: Date }
  | { readonly kind: 'updated'; readonly at: Date }
  | { readonly kind: 'removed'; readonly at: Date }
  | { readonly kind: 'occupation-changed'; readonly at: Date; readonly window: TimeWindow; readonly to: Occupation };

export interface SpotChange {
  readonly spot: Spot;
  readonly events: readonly SpotEvent[];
}

/** What is said about the spot contradicts itself or the world. */
export interface SpotRefusal {
  readonly refused: 'invalidOpeningHours' | 'invalidPricingRules' | 'unknownTimeZone' | 'invalidCancellationPolicy';
  readonly detail: string;
}

/** What may be different about a spot: RFC 7396 as far as the contract lets it in. `null` removes. */
export type SpotPatch = Partial<Omit<SpotTerms, 'description' | 'pricing' | 'openingHours'>> & {
  readonly description?: string | null;
  readonly pricing?: { readonly basePricePerHour?: Money } & Removable<Pick<Pricing, 'rules' | 'demand'>>;
  readonly openingHours?: Removable<OpeningHours>;
};
type Removable<T> = { readonly [K in keyof T]?: T[K] | null };

/** A provider offers a spot. */
export function offerSpot(
  terms: SpotTerms,
  { id, providerId, now }: { readonly id: string; readonly providerId: string; readonly now: Date },
): SpotChange | SpotRefusal {
  const checked = checkTerms(terms);
  if ('refused' in checked) return checked;
  const spot = { ...checked, id, providerId, version: 1, createdAt: now, updatedAt: now };
  return { spot, events: spot.status === 'LISTED' ? [{ kind: 'listed', at: now }] : [] };
}

/** The provider changes what is given and leaves the rest. */
export function changeSpot(spot: Spot, patch: SpotPatch, now: Date): SpotChange | SpotRefusal {
  const { description, pricing, openingHours, ...plain } = patch;
  const checked = checkTerms(
    merge(spot, {
      ...plain,
      ...(description === undefined ? {} : { description }),
      ...(pricing && { pricing: merge(spot.pricing, pricing) }),
      ...(openingHours && { openingHours: merge(spot.openingHours, openingHours) }),
    }),
  );
  if ('refused' in checked) return checked;
  const events: SpotEvent[] = [{ kind: 'updated', at: now }];
  if (checked.status === 'LISTED' && spot.status !== 'LISTED') events.push({ kind: 'listed', at: now });
  return { spot: { ...checked, version: spot.version + 1, updatedAt: now }, events };
}

/** The provider takes the spot away for good. */
export const removeSpot = (spot: Spot, now: Date): SpotChange => ({ spot, events: [{ kind: 'removed', at: now }] });

function checkTerms<T extends SpotTerms>(terms: T): T | SpotRefusal {
  const timeZone = timeZoneNamed(terms.timeZone);
  if (!timeZone) return { refused: 'unknownTimeZone', detail: 'The time zone is not in the IANA database.' };
  const hours = openingHoursFault(terms.openingHours);
  if (hours) return { refused: 'invalidOpeningHours', detail: hours };
  const prices = pricingFault(terms.pricing);
  if (prices) return { refused: 'invalidPricingRules', detail: prices };
  const { fullRefundHours, partialRefundHours } = terms.cancellationPolicy;
  if (partialRefundHours > fullRefundHours) {
    return {
      refused: 'invalidCancellationPolicy',
      detail: 'The partial refund cannot start before the full one ends.',
    };
  }
  return { ...terms, timeZone };
}

/** Puts the members of the patch over those of the target; a member that is `null` is taken away. */
function merge<T extends object>(target: T, patch: { readonly [K in keyof T]?: T[K] | null | undefined }): T {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const kept = Object.entries({ ...target, ...Object.fromEntries(given) }).filter(([, value]) => value !== null);
  return Object.fromEntries(kept) as T;
}
