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
