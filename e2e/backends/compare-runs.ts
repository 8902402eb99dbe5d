/**
 * What CI prints of the real servers: how many tests ran on each kind of backend, from the TAP of its runs. Ends with 1 when one ran on
 * fewer than another, or was skipped.
 *
 *   node e2e/backends/compare-runs.ts <TAP of all tests> <TAP of the services' tests on MariaDB>
 */
import { readFileSync } from 'node:fs';

/** Names of tests by file; a test in a test is `outer > inner`. */
type Run = ReadonlyMap<string, ReadonlySet<string>>;

const INDENT = 4;

const readRun = (path: string | undefined): Run => {
  const run = new Map<string, Set<string>>();
  if (path === undefined) return run;
  const open: string[] = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, indent, name] = /^((?: {4})*)# Subtest: (.+)$/.exec(line) ?? [];
    if (indent === undefined || name === undefined) continue;
    const depth = indent.length / INDENT;
    open.length = depth;
    open.push(name.trimEnd());
    const [file = '', ...tests] = open;
    if (depth === 0) run.set(file, run.get(file) ?? new Set());
    else run.get(file)?.add(tests.join(' > '));
  }
  return run;
};

/** Seconds that the files of these folders took, each by itself. */
const secondsOf = (path: string, folders: readonly string[]): number =>
  readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => /^(?:not )?ok \d+ - (\S+) # time=([\d.]+)ms$/.exec(line))
    .filter((found) => folders.some((folder) => found?.[1]?.startsWith(folder)))
    .reduce((sum, found) => sum + Number(found?.[2]) / 1000, 0);

const skippedIn = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => /# SKIP\b.*npm run backends/.test(line))
    .map((line) => line.trim());

const [allPath, onMariadbPath] = process.argv.slice(2);
if (allPath === undefined || onMariadbPath === undefined) {
  process.stderr.write('node e2e/backends/compare-runs.ts <TAP of all tests> <TAP of the services on MariaDB>\n');
  process.exit(2);
}
const all = readRun(allPath);
const onMariadb = readRun(onMariadbPath);

/** Suites name the backend first: `MariaDB: times are exact`. What has no such name is about one backend alone. */
const suite = (run: Run, ...files: readonly string[]): string[] =>
  files.flatMap((file) => [...(run.get(file) ?? [])].flatMap((name) => /^[^:>]+: (.+)$/.exec(name)?.slice(1) ?? []));
const journeys = (stack: string): string[] =>
  [...all]
    .filter(([file]) => file.startsWith('e2e/journeys/'))
    .flatMap(([file, names]) =>
      [...names]
        .filter((name) => name.startsWith(`${stack} > `))
        .map((name) => `${file}: ${name.slice(stack.length + 3)}`),
    );
const services = (run: Run): string[] =>
  [...run]
    .filter(([file]) => /^services\/[^/]+\/test\//.test(file))
    .flatMap(([file, names]) => [...names].map((name) => `${file}: ${name}`));

const messaging = 'runtime/test/messaging';
const pairs: readonly { readonly what: string; readonly lists: Readonly<Record<string, readonly string[]>> }[] = [
  {
    what: 'persistence',
    lists: {
      SQLite: suite(all, 'runtime/test/persistence/sqlite.test.ts'),
      MariaDB: suite(all, 'runtime/test/persistence/mariadb.test.ts'),
    },
  },
  {
    what: 'messaging',
    lists: {
      'the embedded log': suite(all, `${messaging}/embedded-log.test.ts`, `${messaging}/embedded-faults.test.ts`),
      Kafka: suite(all, `${messaging}/kafka.test.ts`, `${messaging}/kafka-faults.test.ts`),
    },
  },
  { what: 'services', lists: { SQLite: services(all), MariaDB: services(onMariadb) } },
  {
    what: 'journeys',
    lists: { 'the embedded stack': journeys('embedded'), 'the external stack': journeys('external') },
  },
];

let isEqual = true;
const print = (line: string): void => void process.stdout.write(`${line}\n`);
for (const { what, lists } of pairs) {
  const sets = Object.entries(lists).map(([backend, names]) => [backend, new Set(names)] as const);
  const every = new Set(sets.flatMap(([, names]) => [...names]));
  const missing = sets.flatMap(([backend, names]) =>
    [...every.difference(names)].map((name) => `  not on ${backend}: ${name}`),
  );
  if (missing.length > 0 || every.size === 0) isEqual = false;
  const counts = sets.map(([backend, names]) => `${names.size} on ${backend}`).join(', ');
  print(`${what}: ${counts}${missing.length === 0 ? (every.size === 0 ? ': none ran' : ', the same') : ''}`);
  for (const line of missing) print(line);
}
const seconds = secondsOf(allPath, ['runtime/test/persistence/', 'runtime/test/messaging/', 'e2e/journeys/']);
print(`the files of persistence, messaging and journeys took ${seconds.toFixed(0)} s, some of them at the same time`);
const skipped = [allPath, onMariadbPath].flatMap(skippedIn);
for (const line of skipped) print(`skipped: ${line}`);
process.exit(isEqual && skipped.length === 0 ? 0 : 1);
