/** compose.yaml and the Dockerfile of this repository, and of a workspace whose runtime comes from the registry. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv, type AnySchema } from 'ajv';
import { validate, ValidationSeverity } from 'dockerfile-utils';
import t from 'tap';
import { parse } from 'yaml';
import { emitWorkspace } from '../../src/application/emit-workspace.ts';
import { generate } from '../../src/application/generate.ts';
import { makeSecrets } from '../../src/application/make-secrets.ts';

const repository = join(import.meta.dirname, '../../..');
const require = createRequire(import.meta.url);

interface Compose {
  services: Record<
    string,
    {
      image: string;
      command?: string[];
      environment?: Record<string, string>;
      secrets?: string[];
      user?: string;
      healthcheck?: { test?: string[] };
      depends_on?: Record<string, { condition: string }>;
    }
  >;
  secrets: Record<string, { file: string }>;
  configs: Record<string, { content: string }>;
}

t.setTimeout(120_000);

const seen = new Map<string, Promise<Record<string, string>>>();
/** Each workspace once: this repository's takes seconds. */
const emitted = (root: string): Promise<Record<string, string>> => {
  const known = seen.get(root) ?? emitNow(root);
  seen.set(root, known);
  return known;
};

const emitNow = async (root: string): Promise<Record<string, string>> => {
  const { files = [], findings } = await emitWorkspace(root, []);
  t.strictSame(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  return Object.fromEntries(files.map(({ path, text }) => [path, text]));
};

/** A workspace as `parkwise init` makes one: the runtime is a package. */
const stranger = (): string => {
  const root = mkdtempSync(join(tmpdir(), 'containers-'));
  t.teardown(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(repository, 'cli/test/golden/clients/input'), root, { recursive: true });
  const file = join(root, 'parkwise.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^services:/m, 'containers: true\nservices:'));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'shop', workspaces: ['services/*'] }));
  return root;
};

/** The schema of the Compose specification, as dclint carries it. */
const composeSchema = (): AnySchema => {
  const folder = dirname(require.resolve('dclint/package.json'));
  const { $schema: _, ...schema } = JSON.parse(
    readFileSync(join(folder, 'schemas/compose.schema.json'), 'utf8'),
  ) as Record<string, unknown>;
  return schema;
};
const fitsCompose = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(composeSchema());

for (const [name, root] of Object.entries({ 'this repository': repository, 'another workspace': stranger() })) {
  t.test(`compose.yaml of ${name}`, async (t) => {
    const { 'compose.yaml': text = '' } = await emitted(root);
    const compose = parse(text) as Compose;
    t.ok(fitsCompose(compose), 'it fits the Compose specification', { errors: fitsCompose.errors });
    const { services, secrets } = compose;
    for (const [service, { image, environment = {}, depends_on: needs = {}, secrets: given = [] }] of Object.entries(
      services,
    )) {
      t.match(image, /:(\d+\.\d+\.\d+(-\w+)?|\$\{PARKWISE_TAG:-local\})$/, `${service} is pinned`);
      for (const secret of given) t.ok(secrets[secret], `${secret} is a file`);
      for (const [setting, value] of Object.entries(environment)) {
        t.notMatch(value, /:\/\/[^/]*:[^/]*@/, `${setting} of ${service} holds no password`);
        if (setting.endsWith('_FILE'))
          t.ok(given.includes(value.replace('/run/secrets/', '')), `${service} is given ${value}`);
      }
      for (const [needed, { condition }] of Object.entries(needs)) {
        const target = services[needed];
        t.ok(target, `${service} needs ${needed}, which is there`);
        if (condition === 'service_healthy') t.ok(target?.healthcheck, `${needed} says whether it is healthy`);
      }
    }
    const wrong = { ...compose, services: { ...services, bad: { image: 'x', depend_on: [] } } };
    t.notOk(fitsCompose(wrong), 'a mistake is seen');
  });

  t.test(`Dockerfile of ${name}`, async (t) => {
    const { Dockerfile: text = '', '.dockerignore': ignore = '' } = await emitted(root);
    const faults = (content: string) =>
      validate(content, { deprecatedMaintainer: ValidationSeverity.ERROR }).map(({ message }) => message);
    t.strictSame(faults(text), []);
    t.not(faults(`${text}\nHEALTHCHEK NONE\n`).length, 0, 'a mistake is seen');
    const [, ...stages] = text.split(/^FROM /m);
    t.ok(stages.length >= 2, 'several stages');
    const last = stages.at(-1) ?? '';
    t.match(last, /^USER node$/m);
    t.match(last, /^HEALTHCHECK /m);
    t.notMatch(last, /^RUN /m, 'no tools of a build in what runs');
    t.match(text, /npm ci --omit=dev --ignore-scripts/);
    t.match(text, /^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-/m, 'the base is pinned');
    t.match(ignore, /^secrets$/m);
    t.equal(text.includes('AS runtime'), root === repository, 'the runtime is built where it is source');
  });
}

t.test('generated files are what is committed', async (t) => {
  const files = await emitted(repository);
  for (const path of ['compose.yaml', 'Dockerfile', '.dockerignore'])
    t.equal(files[path], readFileSync(join(repository, path), 'utf8'), path);
});

t.test('accounts are made as the secrets say, one database each', async (t) => {
  const root = stranger();
  const { 'compose.yaml': text = '' } = await emitted(root);
  const { secrets, configs } = parse(text) as Compose;
  const { made } = makeSecrets(root);
  t.strictSame(made.toSorted(), Object.keys(secrets).toSorted(), 'every secret has its file');
  t.strictSame(makeSecrets(root).made, [], 'a second time they stay as they are');
  const url = readFileSync(join(root, 'secrets/orders-database-url'), 'utf8');
  const [, user, password, database = ''] = /^mysql:\/\/(.*?):(.*?)@mariadb:3306\/(.*)$/.exec(url) ?? [];

  const script = (configs['mariadb-accounts']?.content ?? '')
    .replaceAll('$$', '$')
    .replaceAll('/run/secrets/', join(root, 'secrets/'));
  const file = join(root, 'accounts.sh');
  writeFileSync(file, `set -eo pipefail\ndocker_process_sql() { cat; }\n${script}`);
  const sql = execFileSync('bash', [file], { encoding: 'utf8' });
  t.ok(sql.includes(`CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${password}';`), sql);
  t.ok(sql.includes(`CREATE DATABASE IF NOT EXISTS \`${database}\` `));
  t.ok(
    sql.includes(`GRANT ALL PRIVILEGES ON \`${database.replaceAll('_', '\\_')}\`.* TO '${user}'@'%';`),
    'no wildcard',
  );
});

t.test('a second run has nothing to do', async (t) => {
  const root = stranger();
  await generate({ root });
  rmSync(join(root, '.parkwise'), { recursive: true });
  const { findings } = await generate({ root, check: true });
  t.strictSame(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  t.match(readFileSync(join(root, 'Dockerfile'), 'utf8'), 'COPY services/orders/package.json services/orders/');
});

t.test('without being asked for, nothing of it is generated', async (t) => {
  const root = stranger();
  const file = join(root, 'parkwise.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('containers: true\n', ''));
  mkdirSync(join(root, 'services'), { recursive: true });
  const files = await emitted(root);
  t.notOk(files['compose.yaml'] ?? files['Dockerfile']);
});
