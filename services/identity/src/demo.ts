import type { Clock, Tx } from '@parkwise/runtime';
import type { Passwords, RegisteredClients, Users } from './application/ports.ts';
import { appoint, register, type UserChange } from './domain/user.ts';

interface Needs {
  readonly users: Users;
  readonly passwords: Passwords;
  readonly registeredClients: RegisteredClients;
  readonly clock: Clock;
  readonly transaction: <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;
}

const PASSWORD = 'park-wise-demo';
const CLIENT = {
  id: 'demo-service',
  secret: 'park-wise-demo-client-secret',
  scopes: ['spots:read', 'bookings:read'],
} as const;

const providers = [
  { displayName: 'Marta Ruiz', business: { name: 'Aparcamientos Turia', kind: 'garage', taxId: 'B46000001' } },
  { displayName: 'Vicent Ferrer', business: { name: 'Garaje Ruzafa', kind: 'garage', taxId: 'B46000002' } },
  { displayName: 'Amparo Soler', business: { name: 'Amparo Soler', kind: 'individual' } },
  { displayName: 'Jorge Navarro', business: { name: 'Parking Malvarrosa', kind: 'garage', taxId: 'B46000004' } },
] as const;

const drivers = [
  { displayName: 'Ana García', vehiclePlate: '1234 BCD' },
  { displayName: 'Luis Pérez', vehiclePlate: '5678 FGH' },
  { displayName: 'Carmen Vidal', vehiclePlate: '9012 JKL' },
  { displayName: 'Pau Molina', vehiclePlate: '3456 MNP' },
] as const;

/** People to try the platform as. Other services' demo data refers to their ids. */
export async function fillWithDemoData(needs: Needs): Promise<readonly string[]> {
  const { users, passwords, registeredClients, transaction } = needs;
  const changes = people(needs.clock.now());
  const hashes = await Promise.all(changes.map(() => passwords.hash(PASSWORD)));
  await transaction(async (tx) => {
    for (const [index, change] of changes.entries()) {
      const hash = hashes[index];
      if (hash === undefined || hash === 'overloaded')
        throw new Error('The demo passwords cannot be hashed: too many wait');
      const outcome = await users.add(tx, change, hash);
      if (outcome !== 'added') throw new Error(`The demo account ${change.state.email} is there already`);
    }
    await registeredClients.add(tx, { id: CLIENT.id, scopes: CLIENT.scopes }, CLIENT.secret);
  });
  const addresses = changes.map(({ state }) => state.email);
  return [
    `Sign in with the password ${PASSWORD} as ${addresses.join(', ')}`,
    `Service client ${CLIENT.id} with the secret ${CLIENT.secret}`,
  ];
}

/** The last digits of an id say who it is: a1 the administrator, b001 the first provider, d001 the first driver. */
const id = (end: string): string => `01900000-0000-7000-8000-${end.padStart(12, '0')}`;

function people(now: Date): readonly UserChange[] {
  const speech = { locale: 'es-ES', contactChannel: 'email' } as const;
  return [
    appoint({ id: id('a1'), email: 'admin@parkwise.dev', profile: { displayName: 'Administrator', ...speech }, now }),
    ...providers.map(({ displayName, business }, index) => {
      const account = { id: id(`b00${index + 1}`), email: `provider${index + 1}@parkwise.dev`, now } as const;
      return register({ role: 'provider', ...account, profile: { displayName, ...speech }, business });
    }),
    ...drivers.map(({ displayName, vehiclePlate }, index) => {
      const account = { id: id(`d00${index + 1}`), email: `driver${index + 1}@parkwise.dev`, now } as const;
      return register({ role: 'driver', ...account, profile: { displayName, ...speech, vehiclePlate } });
    }),
  ];
}
