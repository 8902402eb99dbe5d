import { randomUUID } from 'node:crypto';
import { administer } from '../../src/persistence/mariadb/administer.ts';
import { mariadb } from '../backends.ts';
import { sharedCases } from './suites/shared-cases.ts';
import { consumerCases } from './suites/consumer-cases.ts';
import { retryCases } from './suites/retry-cases.ts';
import { runCases } from './support/cases.ts';
import { embeddedLog, kafka, type Transport } from './support/transports.ts';

const onMariadb: Transport = {
  ...embeddedLog,
  name: 'MariaDB',
  skip: mariadb.skip,
  async database() {
    const name = `shared_${randomUUID().slice(0, 8)}`;
    await administer(mariadb.url, (run) => run(`CREATE DATABASE ${name}`));
    const url = new URL(mariadb.url);
    url.pathname = `/${name}`;
    return {
      url: url.href,
      remove: () => administer(mariadb.url, async (run) => void (await run(`DROP DATABASE ${name}`))),
    };
  },
};

runCases(embeddedLog, sharedCases);
runCases(kafka, sharedCases);
runCases(onMariadb, [...sharedCases, ...consumerCases, ...retryCases]);
