import { connect as connectParkingLot } from '../../../services/parking-lot/src/generated/testing.ts';
import { offerSpot } from '../../platform/offer-spot.ts';
import { somebody, type World } from '../world/open-world.ts';

/** Spots of one provider, open at all hours. */
export const offerSpots = async (world: World, count: number): Promise<readonly string[]> => {
  const { url } = world.service('parking-lot');
  const parkingLot = connectParkingLot({ url, token: world.token(somebody('provider')) });
  const spots: string[] = [];
  for (let n = 0; n < count; n += 1) spots.push((await offerSpot({ parkingLot }, `Spot ${n + 1}`)).id);
  return spots;
};
