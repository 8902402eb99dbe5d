import type { Rating } from './spot.ts';

/** The nearest first, the cheapest per hour first, or the best rated first. */
export type SearchOrder = 'distance' | 'price' | 'rating';

/** A spot that has been found, as far as it takes to put it in order. */
export interface SpotMatch {
  readonly spotId: string;
  /** In metres. */
  readonly distance: number;
  readonly hourlyAmount: number;
  readonly rating?: Rating;
}

/** A place in an ordered list. The id decides between equals, so that the order is the same each time. */
export interface RankedPlace {
  readonly key: number;
  readonly id: string;
}

/** Where the match comes in the list: a smaller key first. What nobody has rated comes after everything that is rated. */
export function placeOf({ spotId, distance, hourlyAmount, rating }: SpotMatch, order: SearchOrder): RankedPlace {
  const key = { distance, price: hourlyAmount, rating: rating ? -rating.average : 0 }[order];
  return { key, id: spotId };
}

/** The matches in order, from after the given place on. */
export function rank(
  matches: readonly SpotMatch[],
  { order, after }: { readonly order: SearchOrder; readonly after?: RankedPlace | undefined },
): readonly SpotMatch[] {
  const placed = matches.map((match) => ({ match, place: placeOf(match, order) }));
  const rest = after ? placed.filter(({ place }) => compare(place, after) > 0) : placed;
  return rest.toSorted((a, b) => compare(a.place, b.place)).map(({ match }) => match);
}

const compare = (a: RankedPlace, b: RankedPlace): number => a.key - b.key || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
