import t from 'tap';
import { CommitOutcomeUnknownError, DatabaseUnavailableError } from '../../src/persistence/database-errors.ts';
import { handler, route, serve } from './serve-routes.ts';

for (const [error, detail] of [
  [new DatabaseUnavailableError('mysql://ann@db is away', { isLost: false }), undefined],
  [new CommitOutcomeUnknownError(new Error('cut')), /not known whether this was stored.*Idempotency-Key/],
] as const) {
  t.test(`${error.name} is answered with 503 and when to try again, and no word of its own`, async (t) => {
    await using app = await serve([route({ path: '/orders', operationId: 'listOrders' })], {
      listOrders: handler(() => Promise.reject(error)),
    });
    const response = await fetch(`${app.url}/orders`);
    const text = await response.text();
    t.equal(response.status, 503);
    t.equal(response.headers.get('retry-after'), '1');
    t.match(JSON.parse(text), { type: 'urn:parkwise:problem:unavailable', ...(detail && { detail }) });
    t.notMatch(text, /mysql|cut/);
  });
}

t.test('readiness does not wait for a database that hangs', async (t) => {
  await using app = await serve([], {}, { readinessChecks: { database: () => new Promise(() => undefined) } });
  const response = await fetch(`${app.url}/health/ready`);
  t.equal(response.status, 503);
  t.match(await response.json(), { failing: ['database'] });
});
