import { probeRedis } from '@parkwise/runtime/platform';
import { stackUrls, withoutSecrets } from '../stack-urls.ts';
import { clockDiagnosis } from './check-clock.ts';
import { connectionFault } from './connection-hint.ts';
import { diagnosing, type Diagnosis, type Patient } from './diagnosis.ts';

const reach = diagnosing('redis');
const rights = diagnosing('redis-rights');

const VARIABLE = 'PARKWISE_REDIS_URL';

/** Redis, by which instances of a service tell each other of changes: reach, version, rights, clock. */
export const checkRedis = async (patient: Patient): Promise<readonly Diagnosis[]> => {
  const { redis: url } = stackUrls(patient);
  if (url === undefined) {
    return [
      reach.warning(
        { subject: '', message: `${VARIABLE} is none` },
        'Name one if services run as several processes: without it a process tells only its own clients of changes.',
      ),
    ];
  }
  const subject = withoutSecrets(url);
  try {
    const probe = await probeRedis(url);
    const missing = probe.missingRights;
    return [
      reach.ok(subject, `answers (Redis ${probe.version})`),
      missing.length === 0
        ? rights.ok(subject, 'the account may publish and subscribe')
        : rights.problem(
            { subject, message: `the account may not: ${missing.join('; ')}` },
            'Allow it the channels parkwise:* (ACL SETUSER … &parkwise:* +@pubsub).',
          ),
      clockDiagnosis('redis-clock', subject, probe),
    ];
  } catch (error) {
    const { message, hint } = connectionFault(error, VARIABLE);
    return [reach.problem({ subject, message }, hint)];
  }
};
