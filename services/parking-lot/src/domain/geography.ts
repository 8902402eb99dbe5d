/** A place on the map, as a GeoJSON point (RFC 7946): longitude first, then latitude, in degrees. */
export interface Point {
  readonly type: 'Point';
  readonly coordinates: readonly [longitude: number, latitude: number];
}

/** Degrees, edges included. `west <= east`: an area across the antimeridian is two boxes. */
export interface Box {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

/** The mean radius of the earth, in metres. */
const earthRadius = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const degrees = (radians: number): number => (radians * 180) / Math.PI;
/** Rounding may not cut off what lies on the edge: a tenth of a millimetre. */
const margin = 1e-9;

/** Metres between two places along the surface, by the haversine formula: exact enough near and far (error below 0.6 %). */
export function distanceBetween(a: Point, b: Point): number {
  const [longitudeA, latitudeA] = a.coordinates;
  const [longitudeB, latitudeB] = b.coordinates;
  const across = Math.sin(radians(longitudeB - longitudeA) / 2) ** 2;
  const up = Math.sin(radians(latitudeB - latitudeA) / 2) ** 2;
  const chord = up + Math.cos(radians(latitudeA)) * Math.cos(radians(latitudeB)) * across;
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/**
 * Boxes that together hold every place within `radius` metres, and some more: what a database can look up by an index before
 * distances are measured. At a pole the box goes all the way round; at the antimeridian there are two.
 */
export function boxesAround(centre: Point, radius: number): readonly Box[] {
  const [longitude, latitude] = centre.coordinates;
  const angle = radius / earthRadius;
  const south = Math.max(-90, latitude - degrees(angle) - margin);
  const north = Math.min(90, latitude + degrees(angle) + margin);
  const round: Box = { south, north, west: -180, east: 180 };
  if (south <= -90 || north >= 90) return [round];
  // The meridian that touches the circle does so nearer to the pole than its centre, hence not angle / cos(latitude).
  const reach = degrees(Math.asin(Math.min(1, Math.sin(angle) / Math.cos(radians(latitude))))) + margin;
  if (reach >= 180) return [round];
  const [west, east] = [longitude - reach, longitude + reach];
  if (west <= -180)
    return [
      { ...round, east },
      { ...round, west: west + 360 },
    ];
  if (east >= 180)
    return [
      { ...round, west },
      { ...round, east: east - 360 },
    ];
  return [{ south, north, west, east }];
}

/** Whether a place lies within `radius` metres. Most of what is far away is told by its degrees, which costs less than to measure. */
export function within(centre: Point, radius: number): (place: Point) => boolean {
  const boxes = boxesAround(centre, radius);
  return (place) => boxes.some((box) => isInside(box, place)) && distanceBetween(centre, place) <= radius;
}

const isInside = ({ south, north, west, east }: Box, { coordinates }: Point): boolean =>
  south <= coordinates[1] && coordinates[1] <= north && west <= coordinates[0] && coordinates[0] <= east;

/** Places that are near each other. */
export interface Cluster {
  readonly centre: Point;
  /** Metres from the centre to the farthest of them. */
  readonly reach: number;
  /** Where they are in the list that they come from. */
  readonly indexes: readonly number[];
}

/** Puts places together of which none is farther than `radius` metres from the first. Each is in one cluster. */
export function clustersOf(places: readonly Point[], radius: number): readonly Cluster[] {
  const clusters: { centre: Point; reach: number; indexes: number[] }[] = [];
  for (const [index, place] of places.entries()) {
    const cluster = clusters.find(({ centre }) => distanceBetween(centre, place) <= radius);
    if (cluster) {
      cluster.reach = Math.max(cluster.reach, distanceBetween(cluster.centre, place));
      cluster.indexes.push(index);
    } else clusters.push({ centre: place, reach: 0, indexes: [index] });
  }
  return clusters;
}
