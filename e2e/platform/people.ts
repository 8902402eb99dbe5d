/** People who use the platform, each with the clients of all services and a token got by signing in. */
import { connect as connectBooking } from '../../services/booking/src/generated/testing.ts';
import { connect as connectIdentity } from '../../services/identity/src/generated/testing.ts';
import { connect as connectParkingLot } from '../../services/parking-lot/src/generated/testing.ts';
import type { Platform } from './start-platform.ts';

const client_id = 'parkwise-app';
const password = 'seven blue umbrellas';

/** The generated clients of all services, with one token. */
export const clientsOf = (platform: Platform, token?: string) => {
  const authorization = token === undefined ? {} : { token };
  return {
    identity: connectIdentity({ url: platform.url('identity'), ...authorization }),
    parkingLot: connectParkingLot({ url: platform.url('parking-lot'), ...authorization }),
    booking: connectBooking({ url: platform.url('booking'), ...authorization }),
  };
};

export type Clients = ReturnType<typeof clientsOf>;

export interface Person extends Clients {
  readonly id: string;
  readonly email: string;
  readonly token: string;
}

/** Opens an account and signs in. */
export const register = async (platform: Platform, role: 'driver' | 'provider', name: string): Promise<Person> => {
  const { identity } = clientsOf(platform);
  const email = `${name}@example.com`;
  const account = { email, password, displayName: name, locale: 'es-ES' } as const;
  const registered = await identity.registerUser({
    body:
      role === 'driver'
        ? { ...account, role }
        : { ...account, role, business: { name: `Garaje ${name}`, kind: 'garage' } },
  });
  if (registered.status !== 201) throw new Error(`registering ${email} answered ${registered.status}`);
  return { id: registered.body.id, ...(await signIn(platform, email, password)) };
};

const signIn = async (platform: Platform, email: string, secret: string): Promise<Omit<Person, 'id'>> => {
  const answer = await clientsOf(platform).identity.issueToken({
    body: { grant_type: 'password', client_id, username: email, password: secret },
  });
  if (answer.status !== 200) throw new Error(`signing in as ${email} answered ${answer.status}`);
  return { email, token: answer.body.access_token, ...clientsOf(platform, answer.body.access_token) };
};

/** Signs in as one of the people of the demo data: `driver1@parkwise.dev`. */
export const signInAsDemo = async (platform: Platform, email: string): Promise<Omit<Person, 'id'>> =>
  signIn(platform, email, 'park-wise-demo');
