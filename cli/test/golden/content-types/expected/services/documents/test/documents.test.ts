import t from 'tap';
import { startTestService } from '../src/generated/testing.ts';
import service from '../src/service.ts';

t.test('it starts', async (t) => {
  await using app = await startTestService(service);
  const ready = await app.fetch('/health/ready');
  t.equal(ready.status, 200);
});

t.test('it serves its contract', async (t) => {
  await using app = await startTestService(service);
  const answer = await app.fetch('/openapi.json');
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, { operationId: string }>> };
  t.equal(paths['/documents']?.['post']?.operationId, 'addDocument');
});
