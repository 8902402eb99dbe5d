import t from 'tap';
import { blockFault } from '../src/domain/block.ts';
import { changeSpot, offerSpot } from '../src/domain/spot.ts';
import type { Spot, SpotTerms } from '../src/domain/spot.ts';

const now = new Date('2026-03-01T08:10:00Z');
const later = new Date('2026-03-01T12:00:00Z');
const terms: SpotTerms = {
  status: 'LISTED',
  title: 'Covered spot near Sol',
  description: 'Second basement.',
  type: 'covered',
  size: 'standard',
  location: { type: 'Point', coordinates: [-3.7026, 40.418] },
  address: { street: 'Calle de la Montera 12', city: 'Madrid', postalCode: '28013', countryCode: 'ES' },
  timeZone: 'Europe/Madrid',
  amenities: ['lighting'],
  photoUrls: [],
  pricing: {
    basePricePerHour: { amount: 250, currency: 'EUR' },
    rules: [{ days: ['MON'], from: '08:00', to: '14:00', percent: 120 }],
    demand: { occupancyPercent: 80, percent: 130 },
  },
  openingHours: { weekly: [{ days: ['MON'], from: '07:00', to: '22:00' }] },
  cancellationPolicy: { fullRefundHours: 24, partialRefundHours: 2, partialRefundPercent: 50 },
};
const offer = (changes: Partial<SpotTerms> = {}) =>
  offerSpot({ ...terms, ...changes }, { id: 'spot-1', providerId: 'provider-1', now });
const offered = (changes: Partial<SpotTerms> = {}): Spot => {
  const change = offer(changes);
  if ('refused' in change) throw new Error(change.detail);
  return change.spot;
};

t.test('a spot that is offered is listed at once, unless the provider says otherwise', async (t) => {
  t.match(offer(), { spot: { ...terms, id: 'spot-1', version: 1 }, events: [{ kind: 'listed', at: now }] });
  t.match(offer({ status: 'UNLISTED' }), { spot: { status: 'UNLISTED' }, events: [] });
  t.equal(offered({ timeZone: 'europe/madrid' }).timeZone, 'Europe/Madrid');
});

t.test('what contradicts itself or the world is refused, with the reason', async (t) => {
  const night = [{ days: ['MON' as const], from: '22:00', to: '07:00' }];
  t.match(offer({ openingHours: { weekly: night } }), { refused: 'invalidOpeningHours' });
  t.match(offer({ pricing: { ...terms.pricing, rules: night.map((hours) => ({ ...hours, percent: 150 })) } }), {
    refused: 'invalidPricingRules',
  });
  t.match(offer({ timeZone: 'Europe/Atlantis' }), { refused: 'unknownTimeZone' });
  t.match(offer({ cancellationPolicy: { fullRefundHours: 2, partialRefundHours: 24, partialRefundPercent: 50 } }), {
    refused: 'invalidCancellationPolicy',
  });
});

t.test('a change merges objects, replaces lists, and takes away what is null', async (t) => {
  const change = changeSpot(
    offered(),
    {
      description: null,
      amenities: [],
      pricing: { basePricePerHour: { amount: 300, currency: 'EUR' }, demand: null },
      openingHours: { weekly: null, seasons: [{ firstDay: '2026-06-01', lastDay: '2026-08-31' }] },
    },
    later,
  );
  if ('refused' in change) throw new Error(change.detail);
  t.strictSame(change.spot.pricing, { basePricePerHour: { amount: 300, currency: 'EUR' }, rules: terms.pricing.rules });
  t.strictSame(change.spot.openingHours, { seasons: [{ firstDay: '2026-06-01', lastDay: '2026-08-31' }] });
  t.strictSame(change.spot.amenities, []);
  t.notOk('description' in change.spot);
  t.match(change.spot, { title: terms.title, version: 2, createdAt: now, updatedAt: later });
  t.strictSame(change.events, [{ kind: 'updated', at: later }]);
});

t.test('a change is judged with all that stays as it was', async (t) => {
  t.match(
    changeSpot(offered(), { pricing: { basePricePerHour: { amount: 90_000_000, currency: 'EUR' } } }, later),
    { refused: 'invalidPricingRules' },
    'a high base price on top of the old rules',
  );
});

t.test('a spot that is listed again is announced again', async (t) => {
  const unlisted = changeSpot(offered(), { status: 'UNLISTED' }, later);
  if ('refused' in unlisted) throw new Error(unlisted.detail);
  t.match(unlisted.events, [{ kind: 'updated' }]);
  t.match(changeSpot(unlisted.spot, { status: 'LISTED' }, later), {
    events: [{ kind: 'updated' }, { kind: 'listed' }],
  });
});

t.test('a block lies ahead, at least in part, and lasts a year at most', async (t) => {
  const day = 86_400_000;
  const block = (from: number, to: number) => blockFault({ from: now.getTime() + from, to: now.getTime() + to }, now);
  t.equal(block(day, 2 * day), undefined);
  t.equal(block(-day, day), undefined, 'it has begun');
  t.match(block(-2 * day, -day), /over/);
  t.match(block(0, 367 * day), /366 days/);
});
