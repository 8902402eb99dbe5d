/** The real servers that suites run against besides the embedded stack, and whether they are there. */
import { connect } from 'node:net';

export interface Backend {
  readonly name: string;
  readonly url: string;
  /**
   * For `t.test(name, { skip }, …)`: why the tests that need the server are skipped, false if it answers. Where it must be there
   * (`CI`, or `PARKWISE_TEST_BACKENDS=required`) they are never skipped, and fail.
   */
  readonly skip: false | string;
}

/** A closed port answers at once; an open one may be slow to on a busy machine. */
const PROBE_MS = 5_000;

const isOpen = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    // A list of brokers: the first one speaks for all.
    const { hostname, port } = new URL(url.replace(/,[^/?]*/, ''));
    const socket = connect({ host: hostname, port: Number(port) });
    const done = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(PROBE_MS, () => done(false));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });

const isRequired = Boolean(process.env['CI']) || process.env['PARKWISE_TEST_BACKENDS'] === 'required';

async function probe(name: string, byDefault: string): Promise<Backend> {
  const url = process.env[`PARKWISE_TEST_${name.toUpperCase()}_URL`] || byDefault;
  const skip = !isRequired && !(await isOpen(url)) && `start it with: npm run backends -- start ${name}`;
  return { name, url, skip };
}

export const [mariadb, kafka, redis, toxiproxy] = await Promise.all([
  probe('mariadb', 'mysql://root@127.0.0.1:13306'),
  probe('kafka', 'kafka://127.0.0.1:19092'),
  probe('redis', 'redis://127.0.0.1:16379'),
  probe('toxiproxy', 'http://127.0.0.1:18474'),
]);
