import { probeKafka, type KafkaTopicProbe } from '@parkwise/runtime/platform';
import { loadWorkspace } from '../../contracts/load-workspace.ts';
import { stackUrls, withoutSecrets } from '../stack-urls.ts';
import { connectionFault } from './connection-hint.ts';
import { contractTopics, type ContractTopic } from './contract-topics.ts';
import { diagnosing, type Diagnosis, type Patient } from './diagnosis.ts';

const reach = diagnosing('kafka');
const rights = diagnosing('kafka-rights');
const topics = diagnosing('kafka-topics');

const VARIABLE = 'PARKWISE_EVENTS_URL';

/** Kafka: reach, version, rights, and topics against the contracts. It has no way to be asked for its time without writing to it. */
export const checkKafka = async (patient: Patient): Promise<readonly Diagnosis[]> => {
  const { events: url } = stackUrls(patient);
  if (url === undefined) {
    const said = { subject: '', message: `${VARIABLE} is not set` };
    return [reach.problem(said, 'Set it to kafka://host:9092 (or name a file that holds it in its _FILE variable).')];
  }
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
    ];
  } catch (error) {
    const { message, hint } = connectionFault(error, VARIABLE);
    return [reach.problem({ subject, message }, hint)];
  }
};

/** Differences between contracts and brokers; topics that are not there yet are made by the service that starts first. */
export const topicDiagnoses = (
  wanted: readonly ContractTopic[],
  found: readonly KafkaTopicProbe[],
): readonly Diagnosis[] => {
  const byName = new Map(found.map((topic) => [topic.name, topic]));
  const missing = wanted.filter(({ name }) => !byName.has(name));
  const differing = wanted.flatMap((contract) => {
    const topic = byName.get(contract.name);
    const differences = topic ? differencesOf(contract, topic) : [];
    if (differences.length === 0) return [];
    return [
      topics.warning(
        { subject: contract.name, message: differences.join(', ') },
        'Alter the topic (kafka-configs, kafka-topics --alter) or the contract; services use it as it is. Partitions can only be added, and then keys move.',
      ),
    ];
  });
  const same = wanted.length - missing.length - differing.length;
  return [
    ...differing,
    ...(same > 0 ? [topics.ok('', `${same} ${same === 1 ? 'topic is' : 'topics are'} as the contracts say`)] : []),
    ...(missing.length > 0
      ? [topics.ok('', `${missing.length} not there yet: services create them when they start`)]
      : []),
  ];
};

const differencesOf = (contract: ContractTopic, topic: KafkaTopicProbe): readonly string[] =>
  (['partitions', 'retentionMs', 'compact'] as const).flatMap((setting) => {
    const [asked, is] = [contract[setting], topic[setting]];
    return asked === undefined || is === undefined || asked === is
      ? []
      : [`${setting} is ${String(is)}, the contract says ${String(asked)}`];
  });
