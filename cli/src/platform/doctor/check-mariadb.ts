import { probeMariadb, type MariadbProbe } from '@parkwise/runtime/platform';
import { readSecret, upperSnake } from '../environment.ts';
import { stackUrls, withoutSecrets } from '../stack-urls.ts';
import { clockDiagnosis } from './check-clock.ts';
import { connectionFault } from './connection-hint.ts';
import { diagnosing, type Diagnosis, type Patient } from './diagnosis.ts';

const reach = diagnosing('mariadb');
const version = diagnosing('mariadb-version');
const rights = diagnosing('mariadb-rights');
const isolation = diagnosing('mariadb-isolation');

/** Each service's database on MariaDB: reach, version, rights, whether it is kept from others, clock. */
export const checkMariadb = async (patient: Patient): Promise<readonly Diagnosis[]> => {
  const { databases, unmade } = stackUrls(patient);
  const urls = [...databases].filter(([, url]) => url.startsWith('mysql:'));
  const ownNames = new Map(urls.map(([service, url]) => [decodeURIComponent(new URL(url).pathname.slice(1)), service]));
  const found = await Promise.all(
    urls.map(async ([service, url]): Promise<readonly Diagnosis[]> => {
      let probe: MariadbProbe;
      try {
        probe = await probeMariadb(url);
      } catch (error) {
        const { message, hint } = connectionFault(error, settingOf(patient, service));
        return [reach.problem({ subject: service, message: `${withoutSecrets(url)} ${message}` }, hint)];
      }
      const others = probe.otherDatabases.flatMap((name) => ownNames.get(name) ?? []);
      return [
        reach.ok(service, `${withoutSecrets(url)} answers`),
        mariadbVersion(service, probe.version),
        rightsOf(service, probe),
        others.length === 0
          ? isolation.ok(service, 'the account sees the database of no other service')
          : isolation.warning(
              { subject: service, message: `the account also sees the database of ${others.join(', ')}` },
              'Give each service an account of its own that has rights on its own database alone.',
            ),
        clockDiagnosis('mariadb-clock', service, probe),
      ];
    }),
  );
  return [...found.flat(), ...(await unmadeDiagnoses(unmade))];
};

/** Where the account of a service comes from. */
const settingOf = ({ env }: Patient, service: string): string => {
  const own = `PARKWISE_DATABASE_URL_${upperSnake(service)}`;
  return readSecret(env, own) === undefined ? 'PARKWISE_MARIADB_URL ("parkwise up" sets the account anew)' : own;
};

/** Databases that come with the first start: by then the administrator has to be let in. */
const unmadeDiagnoses = (unmade: ReadonlyMap<string, string>): Promise<readonly Diagnosis[]> =>
  Promise.all(
    [...unmade].map(async ([service, url]): Promise<Diagnosis> => {
      try {
        await probeMariadb(Object.assign(new URL(url), { pathname: '/' }).href);
      } catch (error) {
        const { message, hint } = connectionFault(error, 'PARKWISE_MARIADB_URL');
        return reach.problem({ subject: service, message: `${withoutSecrets(url)} ${message}` }, hint);
      }
      return reach.ok(
        service,
        `${withoutSecrets(url)} is not there yet: "parkwise up" makes it, with an account of its own`,
      );
    }),
  );

/** Below 10.6 there is no SKIP LOCKED. */
export const mariadbVersion = (subject: string, text: string): Diagnosis => {
  const [, major = 0, minor = 0] = (/^(\d+)\.(\d+)/.exec(text) ?? []).map(Number);
  const isNewEnough = major > 10 || (major === 10 && minor >= 6);
  if (!/mariadb/i.test(text)) {
    return version.problem({ subject, message: `the server is no MariaDB (${text})` }, 'Use MariaDB 10.6 or newer.');
  }
  if (isNewEnough) return version.ok(subject, text);
  return version.problem({ subject, message: `${text} is too old` }, 'Use MariaDB 10.6 or newer.');
};

const rightsOf = (subject: string, { missingRights }: MariadbProbe): Diagnosis =>
  missingRights.length === 0
    ? rights.ok(subject, 'the account may do all that the service does')
    : rights.problem(
        { subject, message: `the account may not: ${missingRights.join('; ')}` },
        'Grant it all privileges on its own database.',
      );
