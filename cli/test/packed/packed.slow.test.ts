/** What strangers get: the packed packages, in an empty folder outside this repository. */
import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { installPacked, packPackages, type PackedWorkspace } from './packed-workspace.ts';

const tarballs = packPackages();

/** Asks as a caller with these scopes; the token is the development issuer's. */
const ask = async (workspace: PackedWorkspace, scope: string, url: string, init: RequestInit = {}) => {
  const token = (await workspace.parkwise('token', '--scope', scope, '--sub', 'ann')).trim();
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': crypto.randomUUID(),
    ...init.headers,
  };
  const response = await fetch(url, { ...init, headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

t.test('a new workspace, from init to a running service', { timeout: 180_000 }, async (t) => {
  await using workspace = await installPacked(await tarballs);
  const { root, portBase } = workspace;
  await workspace.parkwise('init');
  await workspace.parkwise('add', 'service', 'orders');
  t.match(await workspace.parkwise('generate', '--check'), /up to date|nothing/i, 'nothing is left to generate');
  await workspace.node('typescript/bin/tsc', '-p', root);
  for (const file of await readdir(join(root, 'services/orders/test'))) {
    t.match(await workspace.node(`services/orders/test/${file}`), /^ok 1 - /m, `${file}, as generated, passes`);
  }

  await workspace.parkwise('up', '--detach', '--port-base', String(portBase));
  const [service] = JSON.parse(await workspace.parkwise('ps', '--json')) as { url: string; status: string }[];
  t.match(service, { status: 'ready' });
  const made = await ask(workspace, 'orders:write', `${service?.url}/v1/items`, {
    method: 'POST',
    body: '{"name":"First"}',
  });
  t.equal(made.status, 501, 'a valid request reaches the handler, which is not written yet');
  const refused = await ask(workspace, 'orders:write', `${service?.url}/v1/items`, {
    method: 'POST',
    body: '{"name":""}',
  });
  t.match(refused, { status: 400, body: { errors: [{ in: 'body', pointer: '/name' }] } }, 'an invalid one does not');

  const tail = workspace.line(['events', 'tail', '--follow', '--from-beginning', '--json'], (line) =>
    line.includes('ItemCreated'),
  );
  const itemId = crypto.randomUUID();
  await workspace.parkwise(
    'events',
    'publish',
    'ItemCreated',
    '--data',
    JSON.stringify({ itemId, name: 'First' }),
    '--key',
    itemId,
  );
  t.match(await tail, itemId, 'a message is sent and received');
});

t.test(
  "a school's workspace: two services, an event, a command, an envelope of its own",
  { timeout: 180_000 },
  async (t) => {
    await using workspace = await installPacked(await tarballs);
    const { root, portBase } = workspace;
    const school = join(import.meta.dirname, 'school');
    await workspace.parkwise('init');
    await cp(join(school, 'contracts'), join(root, 'contracts'), { recursive: true });
    await writeFile(join(root, 'parkwise.yaml'), await readFile(join(school, 'parkwise.yaml')));
    await workspace.parkwise('generate');
    await cp(join(school, 'handwritten'), root, { recursive: true });
    await workspace.node('typescript/bin/tsc', '-p', root);

    await workspace.parkwise('up', '--detach', '--port-base', String(portBase));
    const services = JSON.parse(await workspace.parkwise('ps', '--json')) as { name: string; url: string }[];
    const academic = services.find(({ name }) => name === 'academic')?.url;
    const enrol = { studentUserId: 'USR-2026-000001', sectionId: '5A', academicYear: 2026 };
    const url = `${academic}/api/v1/enrollments`;
    const made = await ask(workspace, 'enrollments:write', url, { method: 'POST', body: JSON.stringify(enrol) });
    t.match(made, { status: 201, body: { ...enrol, welcomed: false } });
    const again = await ask(workspace, 'enrollments:write', url, { method: 'POST', body: JSON.stringify(enrol) });
    t.match(again, { status: 409, body: { type: 'https://school.example/problems/already-enrolled' } });

    const follow = (type: string) =>
      workspace.line(['events', 'tail', '--follow', '--from-beginning', '--json'], (line) => line.includes(type));
    const id = made.body['enrollmentId'] as string;
    const event = JSON.parse(await follow('student.enrolled')) as { value: unknown };
    t.match(
      event.value,
      {
        eventVersion: '1.0',
        aggregateType: 'StudentEnrollment',
        aggregateId: id,
        sourceService: 'academic',
        payload: { enrollmentId: id },
      },
      "the school's envelope, filled in",
    );
    await follow('enrollment.mark-welcomed');
    let welcomed: unknown;
    for (let tries = 0; tries < 100 && welcomed !== true; tries += 1) {
      welcomed = (await ask(workspace, 'enrollments:read', `${url}/${id}`)).body['welcomed'];
    }
    t.equal(welcomed, true, 'the command has been handled');
  },
);
