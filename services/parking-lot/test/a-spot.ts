import { randomUUID } from 'node:crypto';
import { offerSpot } from '../src/domain/spot.ts';
import type { SpotChange, SpotTerms } from '../src/domain/spot.ts';

export const NOW = new Date('2026-03-01T08:10:00Z');
export const PROVIDER = '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5e02';

export const someTerms: SpotTerms = {
  status: 'LISTED',
  title: 'Covered spot near Sol',
  type: 'covered',
  size: 'standard',
  location: { type: 'Point', coordinates: [-3.7026, 40.418] },
  address: { street: 'Calle de la Montera 12', city: 'Madrid', postalCode: '28013', countryCode: 'ES' },
  timeZone: 'Europe/Madrid',
  amenities: ['lighting', 'guarded'],
  photoUrls: [],
  pricing: { basePricePerHour: { amount: 250, currency: 'EUR' } },
  openingHours: {},
  cancellationPolicy: { fullRefundHours: 24, partialRefundHours: 2, partialRefundPercent: 50 },
};

/** A spot that a provider offers. */
export function anOffer(
  terms: Partial<SpotTerms> = {},
  whose: Partial<{ id: string; providerId: string; now: Date }> = {},
): SpotChange {
  const change = offerSpot({ ...someTerms, ...terms }, { id: randomUUID(), providerId: PROVIDER, now: NOW, ...whose });
  if ('refused' in change) throw new Error(change.detail);
  return change;
}

export const at = (latitude: number, longitude: number) => ({
  location: { type: 'Point' as const, coordinates: [longitude, latitude] as const },
});

export const euros = (amount: number) => ({ pricing: { basePricePerHour: { amount, currency: 'EUR' } } });

/** Two March hours by the clock of UTC: `on(2, 9, 11)` is the second, from nine to eleven. */
export const on = (day: number, from: number, to: number) => ({
  from: Date.UTC(2026, 2, day, from),
  to: Date.UTC(2026, 2, day, to),
});
