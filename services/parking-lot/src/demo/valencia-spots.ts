import type { OpeningHours } from '../domain/opening-hours.ts';
import type { DemandPricing, PricingRule } from '../domain/pricing.ts';
import type { Amenity, Rating, SpotSize, SpotTerms, SpotType } from '../domain/spot.ts';
import type { Day } from '../domain/wall-clock.ts';
import { neighbourhoods } from './valencia-neighbourhoods.ts';
import type { Neighbourhood } from './valencia-neighbourhoods.ts';

/** Spots per neighbourhood. */
const each = 6;

export interface DemoSpot {
  readonly id: string;
  readonly providerId: string;
  readonly terms: SpotTerms;
  readonly rating?: Rating;
}

const workdays: readonly Day[] = ['MON', 'TUE', 'WED', 'THU', 'FRI'];
const weekend: readonly Day[] = ['SAT', 'SUN'];
const everyDay: readonly Day[] = [...workdays, ...weekend];

/** What a kind of spot is like, wherever it is. */
interface Kind {
  readonly title: string;
  readonly description: string;
  readonly type: SpotType;
  readonly size: SpotSize;
  readonly amenities: readonly Amenity[];
  /** In percent of what is usual in the neighbourhood. */
  readonly price: number;
  readonly openingHours: OpeningHours;
}

const kinds: readonly Kind[] = [
  {
    title: 'Covered spot in a garage',
    description: 'Second basement, open day and night. The lift leads to the street.',
    type: 'covered',
    size: 'standard',
    amenities: ['lighting', 'guarded', 'videoSurveillance', 'elevator'],
    price: 110,
    openingHours: {},
  },
  {
    title: 'Spot in a courtyard',
    description: 'Through the gate; the code is sent with the booking.',
    type: 'regular',
    size: 'standard',
    amenities: ['contactlessEntry'],
    price: 85,
    openingHours: { weekly: [{ days: everyDay, from: '07:00', to: '24:00' }] },
  },
  {
    title: 'Charging point',
    description: 'Type 2, 11 kW. The current is included.',
    type: 'evCharging',
    size: 'standard',
    amenities: ['lighting', 'contactlessEntry', 'videoSurveillance'],
    price: 140,
    openingHours: {},
  },
  {
    title: 'Wide spot by the lift',
    description: 'Kept for drivers with a permit. No step on the way out.',
    type: 'handicap',
    size: 'large',
    amenities: ['lighting', 'elevator', 'restroom'],
    price: 70,
    openingHours: {},
  },
  {
    title: 'Narrow spot for a small car',
    description: 'Between two pillars. Free while the owner is at work.',
    type: 'covered',
    size: 'compact',
    amenities: ['lighting'],
    price: 65,
    openingHours: { weekly: [{ days: workdays, from: '08:30', to: '18:30' }] },
  },
  {
    title: 'Open-air spot for a van',
    description: 'On a guarded lot. Bicycles can be left there too.',
    type: 'regular',
    size: 'large',
    amenities: ['guarded', 'bikeRack', 'carWash'],
    price: 100,
    openingHours: {
      weekly: [
        { days: ['MON', 'TUE', 'WED', 'THU'], from: '06:00', to: '22:00' },
        { days: ['FRI', 'SAT'], from: '06:00', to: '24:00' },
        { days: ['SUN'], from: '09:00', to: '21:00' },
      ],
    },
  },
];

const rules: Readonly<Record<Neighbourhood['character'], readonly PricingRule[]>> = {
  centre: [
    { days: ['FRI', 'SAT'], from: '20:00', to: '24:00', percent: 150 },
    { days: everyDay, from: '00:00', to: '07:00', percent: 50 },
    { days: workdays, from: '09:00', to: '14:00', percent: 120 },
  ],
  residential: [{ days: workdays, from: '09:00', to: '18:00', percent: 80 }],
  offices: [
    { days: workdays, from: '08:00', to: '15:00', percent: 135 },
    { days: weekend, from: '00:00', to: '24:00', percent: 60 },
  ],
  beach: [{ days: weekend, from: '10:00', to: '20:00', percent: 175 }],
  hospital: [],
  station: [
    { days: ['FRI', 'SUN'], from: '15:00', to: '22:00', percent: 140 },
    { days: everyDay, from: '22:00', to: '24:00', percent: 70 },
    { days: everyDay, from: '00:00', to: '06:00', percent: 70 },
  ],
};

const scarce: Partial<Record<Neighbourhood['character'], DemandPricing>> = {
  centre: { occupancyPercent: 70, percent: 140 },
  station: { occupancyPercent: 80, percent: 125 },
};

/** One in six spots by the beach is only let in summer. */
const seasonal = (character: Neighbourhood['character'], number: number): boolean =>
  character === 'beach' && number % kinds.length === 5;
const summers = Array.from({ length: 15 }, (_, index) => ({
  firstDay: `${2026 + index}-05-01`,
  lastDay: `${2026 + index}-10-12`,
}));

const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

/** A hundred and fifty spots all over Valencia, the same on every machine. */
export const valenciaSpots: readonly DemoSpot[] = neighbourhoods.flatMap((neighbourhood, place) =>
  Array.from({ length: each }, (_, index) => demoSpot(neighbourhood, place * each + index)),
);

function demoSpot(neighbourhood: Neighbourhood, number: number): DemoSpot {
  const { name, character, latitude, longitude, streets, postalCode, hourly } = neighbourhood;
  const dice = seeded(number + 1);
  const kind = kinds[number % kinds.length] ?? never();
  const street = streets[dice(streets.length)] ?? never();
  const demand = scarce[character];
  const count = dice(40);
  return {
    id: `01900000-0000-7000-8000-0000005${String(number + 1).padStart(5, '0')}`,
    providerId: `01900000-0000-7000-8000-00000000b00${(number % 4) + 1}`,
    terms: {
      status: number % 50 === 49 ? 'UNLISTED' : 'LISTED',
      title: `${kind.title}, ${name}`,
      description: kind.description,
      type: kind.type,
      size: kind.size,
      // Within some 450 metres of the middle of the neighbourhood.
      location: {
        type: 'Point',
        coordinates: [
          rounded(longitude + (dice(1000) - 500) / 95_000),
          rounded(latitude + (dice(1000) - 500) / 125_000),
        ],
      },
      address: { street: `${street} ${dice(90) + 1}`, city: 'València', postalCode, countryCode: 'ES' },
      timeZone: 'Europe/Madrid',
      amenities: kind.amenities,
      photoUrls: [`https://photos.parkwise.dev/demo/${kind.type}-${(number % 5) + 1}.jpg`],
      pricing: {
        basePricePerHour: { amount: Math.round((hourly * kind.price) / 500) * 5, currency: 'EUR' },
        ...(rules[character].length > 0 && { rules: rules[character] }),
        ...(demand && { demand }),
      },
      openingHours: seasonal(character, number) ? { ...kind.openingHours, seasons: summers } : kind.openingHours,
      cancellationPolicy: { fullRefundHours: 24, partialRefundHours: 2, partialRefundPercent: 50 },
    },
    ...(count > 4 && { rating: { average: 3 + dice(201) / 100, count } }),
  };
}

/** A generator of Lehmer's: plain arithmetic, so that all machines throw the same. Returns a whole number below `sides`. */
function seeded(seed: number): (sides: number) => number {
  let state = (seed * 7_919) % 2_147_483_647;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * sides);
  };
}

function never(): never {
  throw new Error('The demo data has a list that is empty');
}
