/**
 * Journey 7, made from the contracts: every operation and every WebSocket channel as every kind of caller, and as somebody who owns
 * something else. What the contracts do not allow is refused: 401 without a token, 403 without scope or role, 404 for another's thing.
 */
import { randomUUID } from 'node:crypto';
import t, { type Test } from 'tap';
import { mintToken, type Caller } from '../platform/mint-token.ts';
import { clientsOf, type Clients } from '../platform/people.ts';
import { offerSpot } from '../platform/offer-spot.ts';
import { stacks } from '../platform/stacks.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { windowIn } from '../platform/windows.ts';
import { channelsOf, knock, type ContractChannel } from './contract-channels.ts';
import { operationsOf, type ContractOperation, type ContractRequest } from './contract-requests.ts';

const services = { identity: 'identity', parkingLot: 'parking-lot', booking: 'booking' } as const;
type ServiceName = keyof typeof services;
const roles = ['driver', 'provider', 'admin'] as const;

type Call = (request: ContractRequest) => Promise<{ readonly status: number }>;
const operationOf = (clients: Clients, service: ServiceName, id: string): Call =>
  (clients[service] as unknown as Readonly<Record<string, Call>>)[id] as Call;

/** Somebody's things, for others to reach for. */
const somebodysThings = async (as: (caller: Caller) => Promise<Clients>) => {
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
  const spot = await offerSpot(await as(provider));
  const { booking } = await as(driver);
  const made = await booking.createBooking({ body: { spotId: spot.id, ...windowIn(6) } });
  const later = windowIn(8);
  const block = await (
    await as(provider)
  ).parkingLot.blockSpot({ path: { spotId: spot.id }, body: { from: later.startsAt, to: later.endsAt } });
  if (made.status !== 201 || block.status !== 201) throw new Error(`answered ${made.status} and ${block.status}`);
  const ids: Readonly<Record<string, string>> = { spotId: spot.id, bookingId: made.body.id, blockId: block.body.id };
  const hidden = await hiddenSpot(await as(provider));
  const owners: Readonly<Record<string, Caller>> = { provider, driver };
  return { ids, owners, hidden: { ids: { spotId: hidden } as Readonly<Record<string, string>>, owner: provider } };
};

/** What is listed can be watched by all: this one is not. */
const hiddenSpot = async (clients: Clients): Promise<string> => {
  const { id, etag } = await offerSpot(clients, 'Behind the gate');
  const answer = await clients.parkingLot.updateSpot({
    path: { spotId: id },
    headers: { 'If-Match': etag },
    body: { status: 'UNLISTED' },
  });
  if (answer.status !== 200) throw new Error(`hiding a spot answered ${answer.status}`);
  return id;
};

for (const stack of stacks) {
  t.test(stack.name, { skip: stack.skip, timeout: 120_000 }, async (t) => {
    await t.test('every operation, as everybody', { timeout: 120_000 }, async (t) => {
      await using platform = await startPlatform({ stack: stack.name, demo: false });
      const as = async (caller: Caller): Promise<Clients> => clientsOf(platform, await mintToken(platform, caller));
      const { ids, owners, hidden } = await somebodysThings(as);
      let tried = 0;

      for (const [service, name] of Object.entries(services) as [ServiceName, (typeof services)[ServiceName]][]) {
        const document = (await (await fetch(`${platform.url(name)}/openapi.json`)).json()) as Readonly<
          Record<string, unknown>
        >;
        for (const operation of operationsOf(document)) {
          const { id, scopes, access } = operation;
          const call = async (clients: Clients, request = operation.request): Promise<number> => {
            tried += 1;
            return (await operationOf(clients, service, id)(request)).status;
          };
          if (scopes === undefined) {
            t.not(await call(clientsOf(platform)), 403, `${id} is open to all`);
            continue;
          }
          t.equal(await call(clientsOf(platform)), 401, `${id} without a token`);
          for (const role of roles) {
            const caller = { sub: randomUUID(), roles: [role] };
            t.equal(
              await call(await as({ ...caller, scopes: [] })),
              403,
              `${id} as ${role} without ${scopes.join(' ')}`,
            );
            const allowed = access.roles === undefined || access.roles.includes(role);
            const status = await call(await as({ ...caller, scopes }));
            if (allowed) t.notOk(status === 401 || status === 403, `${id} lets a ${role} in (${status})`);
            else t.equal(status, 403, `${id} keeps a ${role} out`);
          }
          if (access.foreign !== undefined)
            await reachForForeign(t, { operation, foreign: access.foreign, call, as, ids, owners });
        }
      }
      t.comment(`${tried} requests`);

      const channels: string[] = [];
      for (const name of Object.values(services)) {
        const document = (await (await fetch(`${platform.url(name)}/asyncapi.json`)).json()) as Readonly<
          Record<string, unknown>
        >;
        for (const channel of channelsOf(document)) {
          channels.push(channel.name);
          const mint = (caller: Caller): Promise<string> => mintToken(platform, caller);
          await listenIn(t, { channel, origin: platform.url(name), mint, ...hidden });
        }
      }
      t.ok(channels.length > 0, `by WebSocket: ${channels.join(', ')}`);
    });
  });
}

interface Reach {
  readonly operation: ContractOperation;
  readonly foreign: number;
  readonly call: (clients: Clients, request: ContractRequest) => Promise<number>;
  readonly as: (caller: Caller) => Promise<Clients>;
  readonly ids: Readonly<Record<string, string>>;
  readonly owners: Readonly<Record<string, Caller>>;
}

/** The same request by a stranger and by the owner: only the stranger is told that there is nothing. */
const reachForForeign = async (t: Test, { operation, foreign, call, as, ids, owners }: Reach): Promise<void> => {
  const { id, scopes = [], access, request } = operation;
  const path = Object.fromEntries(operation.pathParameters.map((parameter) => [parameter, ids[parameter]]));
  t.notOk(Object.values(path).includes(undefined), `${id}: the test has one of each thing in its path`);
  const reached = { ...request, path };
  const role = access.roles?.[0] ?? 'driver';
  const owner = owners[role];
  if (!owner) throw new Error(`nobody owns anything as ${role}`);
  t.equal(await call(await as({ sub: randomUUID(), roles: [role], scopes }), reached), foreign, `${id} of another's`);
  t.not(await call(await as({ ...owner, scopes }), reached), foreign, `${id} of one's own`);
};

interface Listening {
  readonly channel: ContractChannel;
  readonly origin: string;
  readonly mint: (caller: Caller) => Promise<string>;
  /** Of things that nobody but their owner can see. */
  readonly ids: Readonly<Record<string, string>>;
  readonly owner: Caller;
}

/** The same of a channel: whoever may listen gets the upgrade, 101. */
const listenIn = async (t: Test, { channel, origin, mint, ids, owner }: Listening): Promise<void> => {
  const { name, path, query, scopes, access } = channel;
  t.strictSame(
    channel.pathParameters.filter((parameter) => ids[parameter] === undefined),
    [],
    `${name}: the test has one of each thing in its path`,
  );
  const reached = path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => ids[parameter] ?? '');
  const url = `${origin}${reached}?${new URLSearchParams(query)}`;
  if (scopes === undefined) {
    t.equal(await knock(url), 101, `${name} is open to all`);
    return;
  }
  t.equal(await knock(url), 401, `${name} without a token`);
  t.equal(await knock(url, 'forged'), 401, `${name} with a token that nobody has issued`);
  for (const role of roles) {
    const caller = { sub: randomUUID(), roles: [role] };
    t.equal(await knock(url, await mint({ ...caller, scopes: [] })), 403, `${name} as ${role} without a scope`);
    t.equal(await knock(url, await mint({ ...caller, scopes: ['other:read'] })), 403, `${name} by another scope`);
    const status = await knock(url, await mint({ ...caller, scopes }));
    if (access.roles && !access.roles.includes(role)) t.equal(status, 403, `${name} keeps a ${role} out`);
    else t.equal(status, access.foreign ?? 101, `${name} as ${role}${access.foreign ? ", of another's" : ''}`);
  }
  t.equal(await knock(url, await mint({ ...owner, scopes })), 101, `${name} of one's own`);
};
