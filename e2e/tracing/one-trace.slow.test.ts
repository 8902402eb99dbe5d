/** One trace from a request through the call of another service, the outbox, the log and the consumer, as a collector sees it. */
import t from 'tap';
import { startOtlpReceiver, type ReceivedSpan } from '../../runtime/test/observability/otlp-receiver.ts';
import { offerSpot } from '../platform/offer-spot.ts';
import { register } from '../platform/people.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { windowIn } from '../platform/windows.ts';

const SECRET = 'canary-of-the-collector';

t.test('a booking is one trace across two services, outbox, log and consumer', async (t) => {
  await using receiver = await startOtlpReceiver();
  const platform = await startPlatform({
    demo: false,
    env: { PARKWISE_OTLP_URL: receiver.url, PARKWISE_OTLP_HEADERS: `x-collector-key=${SECRET}` },
  });
  const ids: string[] = [];
  try {
    const [driver, provider] = await Promise.all([
      register(platform, 'driver', 'ana-canary'),
      register(platform, 'provider', 'marta-canary'),
    ]);
    ids.push(driver.id, provider.id);
    const spot = await offerSpot(provider, 'Canary street 7');
    const made = await driver.booking.createBooking({ body: { spotId: spot.id, ...windowIn(3) } });
    t.equal(made.status, 201);
    const search = await driver.parkingLot.searchSpots({
      query: { latitude: 39.4735, longitude: -0.379, radius: 300, limit: 50 },
    });
    t.equal(search.status, 200);
    // Handled elsewhere, at a time of its own; then a graceful stop sends what is left.
    await receiver.until((spans) => spans.some(({ kind, name }) => kind === 'consumer' && name.includes('booking')));
  } finally {
    await platform[Symbol.asyncDispose]();
  }

  const { spans } = receiver;
  const request = find(spans, ({ kind, name }) => kind === 'server' && name === 'POST /v1/bookings');
  const trace = spans.filter(({ traceId }) => traceId === request.traceId);
  const below = (parent: ReceivedSpan, kind: ReceivedSpan['kind'], name: RegExp) =>
    find(trace, (span) => span.parentSpanId === parent.spanId && span.kind === kind && name.test(span.name));

  t.equal(request.parentSpanId, undefined, 'the trace begins with the request');
  t.match(request, {
    service: 'booking',
    isError: false,
    attributes: { 'http.route': '/v1/bookings', 'http.response.status_code': 201, 'http.request.method': 'POST' },
  });
  const call = below(request, 'client', /^GET \/v1\/spots\/\{spotId\}\/quote$/);
  t.match(call, { service: 'booking', attributes: { 'service.peer.name': 'parking-lot' } });
  const answered = below(call, 'server', /^GET \/v1\/spots\/\{spotId\}\/quote$/);
  t.equal(answered.service, 'parking-lot', 'the call goes on in the other service');
  const created = below(request, 'producer', /^create parkwise\.booking\.events/);
  const sent = below(created, 'client', /^send parkwise\.booking\.events/);
  const handled = below(created, 'consumer', /^process parkwise\.booking\.events/);
  t.equal(handled.service, 'parking-lot', 'the consumer is the other service');
  t.equal(handled.attributes['messaging.message.id'], created.attributes['messaging.message.id']);
  t.ok(created.end <= sent.end && sent.start >= created.start, 'sent after it was created');
  t.ok(trace.every(({ start, end }) => end >= start));

  t.equal(receiver.headers[0]?.['x-collector-key'], SECRET);
  for (const hidden of ['canary', 'example.com', 'latitude', 'Bearer', ...ids])
    t.notOk(receiver.text.includes(hidden), `no span tells ${hidden}`);
});

const find = (spans: readonly ReceivedSpan[], matches: (span: ReceivedSpan) => boolean): ReceivedSpan => {
  const found = spans.find(matches);
  if (!found) {
    const seen = spans.map(({ service, kind, name }) => `  ${service} ${kind} ${name}`);
    throw new Error(`no such span: ${String(matches)} among\n${seen.join('\n')}`);
  }
  return found;
};
