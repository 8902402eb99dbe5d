/** A place on the earth, in degrees (WGS 84). */
export interface GeoPoint {
  readonly longitude: number;
  readonly latitude: number;
}

/** Degrees, edges included; `west <= east`: what lies across the antimeridian is two boxes. */
export interface GeoBox {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

/** Where to look: boxes for the index, and the circle that they are about. */
export interface GeoArea {
  readonly boxes: readonly GeoBox[];
  /** Narrows the boxes down where the database can measure. Whoever needs the circle exactly measures again. */
  readonly circle?: { readonly centre: GeoPoint; readonly radiusMetres: number };
}
