import t from 'tap';
import { startTestService } from '../src/generated/testing.ts';
import service from '../src/service.ts';

t.test('it starts', async (t) => {
  await using app = await startTestService(service);
  const ready = await app.fetch('/health/ready');
  t.equal(ready.status, 200);
});
