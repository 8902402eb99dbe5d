/** The real servers that the external stack of a run uses: shared ones, or, where they are to be hurt, some of its own. */
import { connect } from 'node:net';

/** `told`: by which services reach it, maybe through a proxy. `beside`: by which the run itself does. */
export interface ServerUrls {
  readonly told: string;
  readonly beside: string;
}

export interface Servers {
  readonly mariadb: ServerUrls;
  readonly kafka: ServerUrls;
  readonly redis: ServerUrls;
}

export type ServerName = keyof Servers;

const variables = {
  mariadb: ['PARKWISE_TEST_MARIADB_URL', 'mysql://root@127.0.0.1:13306'],
  kafka: ['PARKWISE_TEST_KAFKA_URL', 'kafka://127.0.0.1:19092'],
  redis: ['PARKWISE_TEST_REDIS_URL', 'redis://127.0.0.1:16379'],
  toxiproxy: ['PARKWISE_TEST_TOXIPROXY_URL', 'http://127.0.0.1:18474'],
} as const;

/** URL of a shared server. @throws Error that says how to start it, when it does not answer. */
export const sharedServer = async (name: keyof typeof variables): Promise<string> => {
  const [variable, byDefault] = variables[name];
  const url = process.env[variable] || byDefault;
  const { hostname, port } = new URL(url);
  if (!(await answers(hostname, Number(port))))
    throw new Error(`${name} does not answer at ${hostname}:${port}: start it with npm run backends -- start ${name}`);
  return url.replace(/\/$/, '');
};

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(1_000, () => done(false));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
