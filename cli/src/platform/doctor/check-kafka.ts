import {
  compareTopics,
  describeDifference,
  probeKafka,
  type TopicDescription,
  type TopicSettings,
} from '@parkwise/runtime/platform';
import { loadWorkspace } from '../../contracts/load-workspace.ts';
import { stackUrls, withoutSecrets } from '../stack-urls.ts';
import { connectionFault } from './connection-hint.ts';
import { clockDiagnosis } from './check-clock.ts';
import { contractTopics } from './contract-topics.ts';
import { diagnosing, type Diagnosis, type Patient } from './diagnosis.ts';

const reach = diagnosing('kafka');
const rights = diagnosing('kafka-rights');
const topics = diagnosing('kafka-topics');
const clock = diagnosing('kafka-clock');

const VARIABLE = 'PARKWISE_KAFKA_URL';

/** Kafka: reach, version, rights, topics against the contracts, clock. */
export const checkKafka = async (patient: Patient): Promise<readonly Diagnosis[]> => {
  const { events: url } = stackUrls(patient);
  const subject = withoutSecrets(url);
  const { workspace } = await loadWorkspace(patient.root);
  // Contracts with mistakes are reported as drift.
  const wanted = workspace ? contractTopics(workspace, patient.env['PARKWISE_NAMESPACE'] || undefined) : [];
  try {
    const probe = await probeKafka(url, { topics: wanted.map(({ name }) => name) });
    const version = probe.version === undefined ? 'of a version that it does not tell' : probe.version;
    const brokers = `${probe.brokers} ${probe.brokers === 1 ? 'broker' : 'brokers'}`;
    return [
      reach.ok(subject, `${brokers} (Kafka ${version})`),
      probe.missingRights.length === 0
        ? rights.ok(subject, 'the account may create topics')
        : rights.warning(
            { subject, message: `the account may not ${probe.missingRights.join('; ')}` },
            'Allow it, or create the topics beforehand as the contracts say.',
          ),
      ...topicDiagnoses(wanted, probe.topics),
      'unknown' in probe.clock
        ? clock.ok(subject, `not compared: ${probe.clock.unknown}`)
        : clockDiagnosis('kafka-clock', subject, probe.clock),
    ];
  } catch (error) {
    const { message, hint } = connectionFault(error, VARIABLE);
    return [reach.problem({ subject, message }, hint)];
  }
};

/** Differences between contracts and brokers; topics that are not there yet are made by the service that starts first. */
export const topicDiagnoses = (
  wanted: readonly TopicSettings[],
  found: readonly TopicDescription[],
): readonly Diagnosis[] => {
  const all = compareTopics(wanted, found);
  const missing = all.filter(({ setting }) => setting === 'topic').length;
  const differing = Map.groupBy(
    all.filter(({ setting }) => setting !== 'topic'),
    ({ topic }) => topic,
  );
  const same = wanted.length - missing - differing.size;
  return [
    ...[...differing].map(([subject, differences]) =>
      topics.warning(
        { subject, message: differences.map((one) => describeDifference(one).slice(`${subject}: `.length)).join('; ') },
        'Alter the topic (kafka-configs, kafka-topics --alter) or the contract; services use it as it is. Partitions can only be added, and then keys move.',
      ),
    ),
    ...(same > 0 ? [topics.ok('', `${same} ${same === 1 ? 'topic is' : 'topics are'} as the contracts say`)] : []),
    ...(missing > 0 ? [topics.ok('', `${missing} not there yet: services create them when they start`)] : []),
  ];
};
