/** `npm run backends -- …`: real servers for the tests, without containers. */
import { openBackends, SERVERS } from './open-backends.ts';
import { variableOf } from './server.ts';
import { readSettings, type BackendName } from './settings.ts';

const USAGE = `npm run backends -- <command> [name…]

  install   fetch what is missing: Debian packages (MariaDB, Redis), Maven artifacts (Kafka, for Java 17), a Go module (Toxiproxy)
  start     start, wait until each answers, print the variables by which tests find them
  stop      ask each to end, and wait
  kill      SIGKILL, as a crash
  pause     SIGSTOP, as a server that hangs; resume ends it
  resume
  status    which of them run
  wipe      stop, and delete the data

Names: ${Object.keys(SERVERS).join(' ')}; all of them when none is given. They listen on 127.0.0.1.

BACKENDS_HOME                     data, logs, process ids        ~/.cache/parkwise-backends
BACKENDS_PROGRAMS                 what install fetches           ~/.cache/parkwise-backends/bin
BACKENDS_MARIADB_PORT 13306  BACKENDS_REDIS_PORT 16379  BACKENDS_KAFKA_PORT 19092  BACKENDS_TOXIPROXY_PORT 18474
BACKENDS_KAFKA_CONTROLLER_PORT    the one after Kafka's
BACKENDS_KAFKA_ADVERTISED_PORT    of the proxy that stands before Kafka
BACKENDS_SECURE=yes               MariaDB takes TLS alone, Kafka and Redis TLS with a password alone; certificates are in <home>/tls`;

const fail = (message: string, status: number): never => {
  process.stderr.write(`${message}\n`);
  process.exit(status);
};

const isBackend = (name: string): name is BackendName => Object.hasOwn(SERVERS, name);

const [command = 'help', ...given] = process.argv.slice(2);
const unknown = given.find((name) => !isBackend(name));
if (unknown) fail(`There is no server "${unknown}"; known are ${Object.keys(SERVERS).join(', ')}.`, 2);
const all = Object.keys(SERVERS).filter(isBackend);
const names = given.length > 0 ? given.filter(isBackend) : all;
const backends = openBackends(readSettings());
const say = (name: string, what: string): void => void process.stderr.write(`${name.padEnd(10)} ${what}\n`);

const commands: Readonly<Record<string, (name: BackendName) => Promise<void> | void>> = {
  async install(name) {
    await backends.install(name);
    say(name, 'installed');
  },
  async start(name) {
    say(name, (await backends.start(name)) ? 'started' : 'runs already');
    process.stdout.write(`${variableOf(name)}=${backends.url(name)}\n`);
  },
  async stop(name) {
    await backends.stop(name);
    say(name, 'stopped');
  },
  async kill(name) {
    await backends.kill(name);
    say(name, 'killed');
  },
  pause(name) {
    backends.pause(name);
    say(name, 'paused');
  },
  resume(name) {
    backends.resume(name);
    say(name, 'resumed');
  },
  status(name) {
    const pid = backends.pid(name);
    say(name, pid === undefined ? 'down' : `up, process ${pid}, ${backends.url(name)}`);
  },
  async wipe(name) {
    await backends.wipe(name);
    say(name, 'wiped');
  },
};

const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
if (!run) {
  if (command !== 'help') fail(`There is no command "${command}".\n\n${USAGE}`, 2);
  process.stdout.write(`${USAGE}\n`);
} else {
  // One after another: a small machine starts them sooner that way. One that fails does not keep the others from being tried.
  for (const name of names) {
    try {
      await run(name);
    } catch (error) {
      say(name, error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  }
}
