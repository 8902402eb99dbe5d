import { randomUUID } from 'node:crypto';
import { connect as connectBooking } from '../../services/booking/src/generated/testing.ts';
import { connect as connectIdentity } from '../../services/identity/src/generated/testing.ts';
import { connect as connectParkingLot } from '../../services/parking-lot/src/generated/testing.ts';
import { operationsOf, type ContractOperation, type ContractRequest } from '../journeys/contract-requests.ts';
import { offerSpot } from '../platform/offer-spot.ts';
import { windowIn } from '../platform/windows.ts';
import type { Fault } from './frame/fault.ts';
import { openWorld, type Caller, type ServiceName, type World } from './world/open-world.ts';

const SERVICES = ['identity', 'parking-lot', 'booking'] as const;
const ROLES = ['driver', 'provider', 'admin'] as const;

type Call = (request: ContractRequest) => Promise<{ readonly status: number }>;
type Token = string | undefined;

/** Nobody gets more than the contracts give: made from the contracts, so that an operation that is added is tried too. */
export const fault: Fault = {
  name: 'authorization',
  summary:
    'every operation of the contracts as every kind of user, as nobody, with a forged token, and on what belongs to others: 0 leaks',
  seconds: { reduced: 120, full: 180 },
  saboteurs: { 'authorization-off': { breaks: 'scopes and roles are not asked for' } },
  async run(run) {
    await using world = await openWorld(run, { services: { identity: 1, 'parking-lot': 1, booking: 1 } });
    const things = await somebodysThings(world);
    const leaks: string[] = [];
    const refusals: string[] = [];
    let tried = 0;
    let operations = 0;
    for (const service of SERVICES) {
      const answer = await fetch(`${world.service(service).url}/openapi.json`);
      for (const operation of operationsOf((await answer.json()) as Readonly<Record<string, unknown>>)) {
        operations += 1;
        const call = async (token: Token, request = operation.request): Promise<number> => {
          tried += 1;
          return (await callOf(world, service, operation.id, token)(request)).status;
        };
        for (const trial of await trialsOf(world, operation, things)) {
          const status = await call(trial.token, trial.request);
          const text = `${operation.id} ${trial.as}: ${status} instead of ${trial.expected.join(' or ')}`;
          if (trial.refused && !trial.expected.includes(status)) leaks.push(text);
          if (!trial.refused && trial.expected.includes(status))
            refusals.push(`${operation.id} ${trial.as}: ${status}`);
        }
      }
    }
    for (const text of [...leaks, ...refusals].slice(0, 5)) run.note(text);
    run.need('the contracts have operations', operations > 20);
    run.expect(`0 leaks (${leaks.length})`, leaks.length === 0);
    run.expect(`nobody is kept from what is theirs (${refusals.length})`, refusals.length === 0);
    return {
      tried: `${tried} requests to ${operations} operations of ${SERVICES.length} services`,
      lost: leaks.length,
    };
  },
};

interface Trial {
  readonly as: string;
  readonly token: Token;
  readonly request?: ContractRequest;
  /** Whether they must be refused, with one of these; else with anything but these. */
  readonly refused: boolean;
  readonly expected: readonly number[];
}

const trialsOf = async (world: World, operation: ContractOperation, things: Things): Promise<readonly Trial[]> => {
  const { scopes, access } = operation;
  if (scopes === undefined) return [{ as: 'as nobody', token: undefined, refused: false, expected: [401, 403] }];
  const token = (caller: Caller): Promise<string> => world.token(caller)();
  const forged = `${(await token({ sub: randomUUID(), scopes, roles: ['admin'] })).slice(0, -8)}AAAAAAAA`;
  const trials: Trial[] = [
    { as: 'as nobody', token: undefined, refused: true, expected: [401] },
    { as: 'with a forged token', token: forged, refused: true, expected: [401] },
  ];
  for (const role of ROLES) {
    const caller = { sub: randomUUID(), roles: [role] };
    const allowed = access.roles === undefined || access.roles.includes(role);
    trials.push(
      {
        as: `as ${role} without ${scopes.join(' ')}`,
        token: await token({ ...caller, scopes: [] }),
        refused: true,
        expected: [403],
      },
      allowed
        ? { as: `as ${role}`, token: await token({ ...caller, scopes }), refused: false, expected: [401, 403] }
        : { as: `as ${role}`, token: await token({ ...caller, scopes }), refused: true, expected: [403] },
    );
  }
  if (access.foreign === undefined) return trials;
  const path = Object.fromEntries(operation.pathParameters.map((name) => [name, things.ids[name]]));
  const request = { ...operation.request, path };
  const role = access.roles?.[0] ?? 'driver';
  const owner = things.owners[role];
  if (!owner || Object.values(path).includes(undefined))
    throw new Error(`${operation.id} is about something that this fault has not`);
  trials.push(
    {
      as: "on another's",
      token: await token({ sub: randomUUID(), roles: [role], scopes }),
      request,
      refused: true,
      expected: [access.foreign],
    },
    {
      as: "on one's own",
      token: await token({ ...owner, scopes }),
      request,
      refused: false,
      expected: [access.foreign],
    },
  );
  return trials;
};

const callOf = (world: World, service: ServiceName, id: string, token: Token): Call => {
  const options = { url: world.service(service).url, ...(token === undefined ? {} : { token }) };
  const client = {
    identity: connectIdentity,
    'parking-lot': connectParkingLot,
    booking: connectBooking,
    tally: undefined,
  }[service]?.(options);
  return (client as unknown as Readonly<Record<string, Call>>)[id] as Call;
};

interface Things {
  readonly ids: Readonly<Record<string, string>>;
  readonly owners: Readonly<Record<string, Caller>>;
}

/** Somebody's things, for others to reach for. */
const somebodysThings = async (world: World): Promise<Things> => {
  const provider: Caller = {
    sub: randomUUID(),
    roles: ['provider'],
    scopes: ['spots:read', 'spots:write', 'bookings:read'],
  };
  const driver: Caller = {
    sub: randomUUID(),
    roles: ['driver'],
    scopes: ['spots:read', 'bookings:read', 'bookings:write'],
  };
  const parkingLot = connectParkingLot({ url: world.service('parking-lot').url, token: world.token(provider) });
  const booking = connectBooking({ url: world.service('booking').url, token: world.token(driver) });
  const spot = await offerSpot({ parkingLot });
  const made = await booking.createBooking({ body: { spotId: spot.id, ...windowIn(6) } });
  const later = windowIn(8);
  const block = await parkingLot.blockSpot({
    path: { spotId: spot.id },
    body: { from: later.startsAt, to: later.endsAt },
  });
  if (made.status !== 201 || block.status !== 201) throw new Error(`answered ${made.status} and ${block.status}`);
  return { ids: { spotId: spot.id, bookingId: made.body.id, blockId: block.body.id }, owners: { provider, driver } };
};
