import t from 'tap';
import { boxesAround, clustersOf, distanceBetween, within } from '../src/domain/geography.ts';
import type { Point } from '../src/domain/geography.ts';

const point = (latitude: number, longitude: number): Point => ({ type: 'Point', coordinates: [longitude, latitude] });
const isIn = (place: Point, centre: Point, radius: number) =>
  boxesAround(centre, radius).some(
    ({ south, north, west, east }) =>
      south <= place.coordinates[1] &&
      place.coordinates[1] <= north &&
      west <= place.coordinates[0] &&
      place.coordinates[0] <= east,
  );

t.test('distances are those of the map', async (t) => {
  const near = (metres: number, a: Point, b: Point) => t.ok(Math.abs(distanceBetween(a, b) - metres) < metres * 0.006);
  near(302_700, point(39.4699, -0.3763), point(40.4168, -3.7038)); // Valencia, Madrid
  near(157_000, point(0, 179.5), point(0, -179.0895));
  t.equal(distanceBetween(point(10, 10), point(10, 10)), 0);
  t.equal(distanceBetween(point(0, 180), point(0, -180)) < 0.001, true, 'the antimeridian has two names');
  t.equal(distanceBetween(point(90, 0), point(90, 123)) < 0.001, true, 'the pole has many');
  t.equal(Math.round(distanceBetween(point(0, 0), point(0, 180)) / 1000), 20015, 'as far as one can go');
});

t.test('across the antimeridian there are two boxes, elsewhere one', async (t) => {
  t.equal(boxesAround(point(39.47, -0.38), 1000).length, 1);
  t.equal(boxesAround(point(-17, 179.999), 1000).length, 2);
  t.ok(isIn(point(-17, -179.999), point(-17, 179.999), 1000));
  t.ok(isIn(point(-17, 179.999), point(-17, -179.999), 1000));
  t.ok(isIn(point(-17, 180), point(-17, -180), 50), 'the same meridian under its other name');
  t.notOk(isIn(point(-17, 0), point(-17, 179.999), 50_000));
  t.notOk(isIn(point(-17, 0), point(-17, -179.999), 50_000));
});

t.test('at a pole the box goes all the way round', async (t) => {
  t.ok(isIn(point(89.9, 180), point(89.9, 0), 50_000));
  t.ok(isIn(point(-89.999, 90), point(-90, -180), 50_000));
  t.equal(boxesAround(point(90, 0), 1000).length, 1);
});

t.test('whatever is within the radius is within the boxes', async (t) => {
  // A fixed sequence of pseudorandom numbers, so that a failure can be repeated.
  let seed = 7;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  let inside = 0;
  for (let round = 0; round < 4000; round += 1) {
    const radius = 50 + random() * 49_950;
    const latitude = round % 4 === 0 ? 89 + random() : random() * 180 - 90;
    const centre = point(latitude, round % 4 === 1 ? 179.9 + random() / 10 : random() * 360 - 180);
    const [longitude, bearing] = [centre.coordinates[0], random() * 2 * Math.PI];
    // The place at this bearing and distance, by the formula of the sphere: independent of the code under test.
    const [angle, phi] = [(radius * 0.999_999) / 6_371_008.8, (latitude * Math.PI) / 180];
    const phi2 = Math.asin(Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing));
    const turn = Math.atan2(
      Math.sin(bearing) * Math.sin(angle) * Math.cos(phi),
      Math.cos(angle) - Math.sin(phi) * Math.sin(phi2),
    );
    const far = ((((longitude + (turn * 180) / Math.PI + 180) % 360) + 360) % 360) - 180;
    const place = point((phi2 * 180) / Math.PI, far);
    if (Math.abs(distanceBetween(centre, place) - radius) > 0.5) t.fail(`distance of round ${round}`);
    if (!isIn(place, centre, radius)) t.fail(`round ${round}: ${JSON.stringify({ centre, place, radius })}`);
    inside += 1;
  }
  t.equal(inside, 4000);
});

t.test('places near the first of a cluster join it, others make one of their own', async (t) => {
  const places = [point(40, -3), point(41, -3), point(40.01, -3), point(41.001, -3), point(40.02, -3)];
  const clusters = clustersOf(places, 2000);
  t.strictSame(
    clusters.map(({ centre, indexes }) => ({ centre, indexes })),
    [
      { centre: places[0], indexes: [0, 2] },
      { centre: places[1], indexes: [1, 3] },
      { centre: places[4], indexes: [4] },
    ],
  );
  t.strictSame(
    clusters.map(({ reach }) => Math.round(reach)),
    [1112, 111, 0],
  );
  t.equal(clustersOf([point(0, 179.995), point(0, -179.995)], 2000).length, 1, 'across the antimeridian');
  t.strictSame(clustersOf([], 2000), []);
});

t.test('what is told by degrees is what is measured', async (t) => {
  for (const centre of [point(40.4, -3.7), point(-17, 179.999), point(-17, -180), point(89.995, 10), point(-90, 0)]) {
    const isNear = within(centre, 1000);
    const [longitude, latitude] = centre.coordinates;
    let near = 0;
    for (let n = 0; n < 900; n += 1) {
      const up = latitude + ((n % 30) - 15) * 0.0008;
      const east = longitude + (Math.floor(n / 30) - 15) * (Math.abs(latitude) > 89 ? 12 : 0.001);
      const place = point(Math.max(-90, Math.min(90, up)), ((((east + 180) % 360) + 360) % 360) - 180);
      if (isNear(place)) near += 1;
      if (isNear(place) !== distanceBetween(centre, place) <= 1000) t.fail(JSON.stringify({ centre, place }));
    }
    t.ok(near > 50 && near < 900, `${near} are near`);
  }
});
