/** The generated live client as browsers run it: in a page of another origin than the service's, with the browser's own WebSocket. */
import type { BrowserContext } from 'playwright-core';
import t from 'tap';
import type * as Client from '../../services/parking-lot/src/generated/live-client.ts';
import { offerSpot } from '../platform/offer-spot.ts';
import { register } from '../platform/people.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { windowIn } from '../platform/windows.ts';
import { chromium, openChromium } from './chromium.ts';
import { listen } from './listen.ts';
import { servePages } from './serve-pages.ts';

t.setTimeout(240_000);

interface Watched {
  readonly url: string;
  readonly spotId: string;
  readonly query: { readonly from: string; readonly to: string };
  /** Attempts in a row, before the page gives up. */
  readonly attempts: number;
}

/** Opens a page of the origin that watches a spot by the generated client; its token comes from `token` for each connection. */
const watchInPage = async (
  context: BrowserContext,
  { origin, token, ...watched }: Watched & { origin: string; token: () => string | Promise<string> },
) => {
  const seen = listen();
  const page = await context.newPage();
  page.on('pageerror', (error) => seen.note('error')({ message: error.message }));
  await page.exposeFunction('token', token);
  await page.exposeFunction('told', (name: string, data: unknown, version?: unknown) => seen.note(name)(data, version));
  await page.goto(origin);
  await page.evaluate(async ({ url, spotId, query, attempts }) => {
    const { told, token } = globalThis as unknown as {
      told: (name: string, data: unknown, version?: unknown) => void;
      token: () => Promise<string>;
    };
    const address: string = '/client.js';
    const { spotAvailability } = (await import(address)) as typeof Client;
    const handle = spotAvailability(
      { parameters: { spotId }, query },
      {
        spotAvailability: (data, version) => told('whole', data, version),
        spotWindowChanged: (data, version) => told('changed', data, version),
        liveUpdates: (data) => told('updates', data),
        state: (state, closing) => told('state', { state, closing }),
      },
      { url, token, attempts, backoff: { first: 20, longest: 200 } },
    );
    Object.assign(globalThis, { handle });
  }, watched);
  const handle = {
    version: () => page.evaluate(() => (globalThis as unknown as { handle: Client.LiveHandle }).handle.version),
    close: () => page.evaluate(() => (globalThis as unknown as { handle: Client.LiveHandle }).handle.close()),
  };
  return { ...seen, ...handle };
};

type Data = Record<string, unknown>;
const changedTo = (status: string, startsAt: string) => (name: string, data: Data) =>
  name === 'changed' && data['status'] === status && data['startsAt'] === startsAt;

t.test('a page watches a spot', { skip: chromium.skip }, async (t) => {
  await using pages = await servePages(
    new URL('../../services/parking-lot/src/generated/live-client.ts', import.meta.url),
  );
  const origin = `http://map.test:${pages.port}`;
  await using platform = await startPlatform({ demo: false, env: { PARKWISE_LIVE_ORIGINS: origin } });
  await using browser = await openChromium();
  const context = await browser.newContext();
  const provider = await register(platform, 'provider', 'lucia');
  const driver = await register(platform, 'driver', 'mateo');
  const spot = await offerSpot(provider);
  const { startsAt, endsAt } = windowIn(5);
  const watched = {
    url: platform.url('parking-lot'),
    spotId: spot.id,
    query: { from: windowIn(4).startsAt, to: windowIn(6).endsAt },
    attempts: Infinity,
  };

  await t.test('it is told the whole, then what changes, and goes on from there when it was cut off', async (t) => {
    let gate: Promise<void> = Promise.resolve();
    let tokens = 0;
    const token = async (): Promise<string> => {
      tokens += 1;
      await gate;
      return driver.token;
    };
    const seen = await watchInPage(context, { ...watched, origin, token });
    const whole = await seen.first((name) => name === 'whole');
    t.match(seen.told[whole]?.data, { spotId: spot.id, occupied: [] });

    const booked = await driver.booking.createBooking({ body: { spotId: spot.id, startsAt, endsAt } });
    if (booked.status !== 201) throw new Error(`booking answered ${booked.status}`);
    await seen.first(changedTo('RESERVED', startsAt));

    // The page is kept from coming back until something has happened without it.
    const { promise, resolve: open } = Promise.withResolvers<void>();
    gate = promise;
    const before = seen.told.length;
    await platform.parkwise('restart', 'parking-lot');
    const waiting = await seen.first((name, data) => name === 'state' && data['state'] === 'waiting', before);
    t.match(seen.told[waiting]?.data, { closing: { code: 1001 } }, 'the service has closed the connection');
    const blocked = await provider.parkingLot.blockSpot({
      path: { spotId: spot.id },
      body: { from: windowIn(4).startsAt, to: windowIn(4).endsAt },
    });
    t.equal(blocked.status, 201);
    const cancelled = await driver.booking.cancelBooking({ path: { bookingId: booked.body.id }, body: {} });
    t.equal(cancelled.status, 200);
    open();
    const back = await seen.first((name) => name === 'whole' || name === 'changed', before);
    if (!t.equal(seen.told[back]?.name, 'changed', 'it is not told the whole again')) return;
    await seen.first(changedTo('BLOCKED', windowIn(4).startsAt));
    const last = await seen.first(changedTo('AVAILABLE', startsAt));

    const versions = seen.told.flatMap(({ name, version }) => (/whole|changed/.test(name) ? Number(version) : []));
    t.strictSame(
      versions,
      versions.map((_, index) => Number(versions[0]) + index),
      'and misses nothing',
    );
    t.equal(await seen.version(), seen.told[last]?.version);
    t.equal(tokens, 2, 'a token is asked for with each connection');
    await seen.close();
    await seen.first((name, data) => name === 'state' && data['state'] === 'closed');
    t.notOk(seen.told.some(({ name }) => name === 'error'));
  });

  await t.test('a page of an origin that is not allowed is refused', async (t) => {
    const attempt = async (host: string, token = driver.token) => {
      const seen = await watchInPage(context, {
        ...watched,
        attempts: 1,
        origin: `http://${host}:${pages.port}`,
        token: () => token,
      });
      const end = await seen.first((name, data) => name === 'whole' || data['state'] === 'closed');
      await seen.close();
      return seen.told[end];
    };
    t.match(await attempt('map.test'), { name: 'whole' });
    t.match(await attempt('elsewhere.test'), { name: 'state', data: { state: 'closed', closing: { code: 1006 } } });
    t.match(await attempt('localhost'), { name: 'whole' }, 'in development those of this machine are');
    t.match(await attempt('map.test', 'forged'), { data: { closing: { code: 1006 } } });
  });
});
