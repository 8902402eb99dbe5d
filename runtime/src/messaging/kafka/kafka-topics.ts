import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { backoffMs } from '../../persistence/backoff.ts';
import type { Log } from '../../process/service-definition.ts';
import { compareTopics, describeDifference } from '../compare-topics.ts';
import { TopicMissingError, type TopicDescription, type TopicDifference, type TopicSettings } from '../event-bus.ts';
import { Wakeup } from '../wakeup.ts';
import { within } from './deadline.ts';
import { isAway } from './kafka-errors.ts';
import { CONFIGURATION_NAMES, toConfiguration, toDescription } from './topic-configuration.ts';

export interface KafkaTopicsOptions {
  readonly client: () => Kafka;
  readonly log?: Log | undefined;
  readonly timeoutMs: number;
  readonly backoffMaxMs: number;
}

/** A start does not wait longer than this for a broker: it goes on without, and the topics are created once it is there. */
const START_WAIT_MS = 5_000;

/** The topics of a broker: creates what contracts ask for, tells where existing ones differ. */
export class KafkaTopics {
  readonly #options: KafkaTopicsOptions;
  readonly #known = new Set<string>();
  /** Asked for and not there yet. */
  readonly #wanted = new Map<string, TopicSettings>();
  readonly #closing = new Wakeup();
  #closed = false;
  #background: Promise<void> | undefined;

  constructor(options: KafkaTopicsOptions) {
    this.#options = options;
  }

  /** @throws Error if the broker refuses; one that is away is tried again in the background. */
  async create(topics: readonly TopicSettings[]): Promise<void> {
    for (const topic of topics) if (!this.#known.has(topic.name)) this.#wanted.set(topic.name, topic);
    if (this.#wanted.size === 0 || this.#background) return;
    try {
      await within(START_WAIT_MS, 'creating topics', this.#createWanted());
    } catch (error) {
      if (!isAway(error)) throw error;
      this.#options.log?.warn({ err: error }, 'the broker is away: its topics are created once it is back');
      this.#background ??= this.#keepTrying();
    }
  }

  /** Asked for by {@link create}, and waiting for the broker. */
  isWanted(name: string): boolean {
    return this.#wanted.has(name);
  }

  /** Resolves once all that was asked for is there, or this was closed. */
  async whenCreated(): Promise<void> {
    await this.#background;
  }

  /** The broker says that one of these does not exist: it is asked which. @throws TopicMissingError */
  async lookAgain(names: Iterable<string>): Promise<void> {
    const doubtful = [...names];
    for (const name of doubtful) this.#known.delete(name);
    await this.mustExist(doubtful);
  }

  /** @throws TopicMissingError */
  async mustExist(names: Iterable<string>): Promise<void> {
    let missing = [...names].filter((name) => !this.#known.has(name));
    if (missing.length === 0) return;
    for (const name of await this.list()) this.#known.add(name);
    missing = missing.filter((name) => !this.#known.has(name));
    if (missing.length === 0) return;
    throw new TopicMissingError(missing);
  }

  list(): Promise<readonly string[]> {
    return this.withAdmin(async (admin) => (await admin.listTopics()).filter((name) => !name.startsWith('__')));
  }

  describe(names: readonly string[]): Promise<readonly TopicDescription[]> {
    return this.withAdmin(async (admin) => {
      const existing = new Set(await admin.listTopics());
      return describeAll(
        admin,
        names.filter((name) => existing.has(name)),
      );
    });
  }

  async withAdmin<R>(work: (admin: Admin) => Promise<R>): Promise<R> {
    const admin = this.#options.client().admin();
    try {
      await admin.connect();
      return await within(this.#options.timeoutMs * 2, 'an administrative request', work(admin));
    } finally {
      void admin.disconnect().catch(() => undefined); // it is not used again
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#closing.end();
    await this.#background;
  }

  async #keepTrying(): Promise<void> {
    for (let failures = 1; !this.#closed; failures += 1) {
      await this.#closing.wait(backoffMs(failures, { baseMs: 200, maxMs: this.#options.backoffMaxMs }));
      if (this.#closed) return;
      try {
        await this.#createWanted();
        this.#options.log?.info({}, 'the broker is back, its topics are there');
        this.#background = undefined;
        return;
      } catch (error) {
        if (!isAway(error))
          this.#options.log?.error({ err: error }, 'topics cannot be created, it will be tried again');
      }
    }
  }

  async #createWanted(): Promise<void> {
    const wanted = [...this.#wanted.values()];
    await this.withAdmin(async (admin) => {
      const names = new Set(await admin.listTopics());
      const missing = wanted.filter(({ name }) => !names.has(name));
      const differences = missing.length > 0 ? await createAll(admin, missing, this.#options.timeoutMs) : [];
      for (const { name } of wanted) {
        this.#known.add(name);
        this.#wanted.delete(name);
      }
      const existing = wanted.filter(({ name }) => names.has(name));
      const described = await describeAll(
        admin,
        existing.map(({ name }) => name),
      );
      this.#report([...differences, ...compareTopics(existing, described)]);
    });
  }

  #report(differences: readonly TopicDifference[]): void {
    if (differences.length === 0) return;
    const fields = { count: differences.length, errors: differences.map(describeDifference) };
    this.#options.log?.warn(fields, 'topics differ from their contracts: they are used as they are');
  }
}

/** @returns where what was made is not what was asked for. */
async function createAll(
  admin: Admin,
  topics: readonly TopicSettings[],
  timeoutMs: number,
): Promise<readonly TopicDifference[]> {
  // A contract is written for production: where there are fewer brokers, fewer copies can be made, and the difference is reported.
  const { brokers } = await admin.describeCluster();
  await admin.createTopics({
    waitForLeaders: true,
    timeout: timeoutMs,
    topics: topics.map((topic) => ({
      topic: topic.name,
      numPartitions: topic.partitions,
      replicationFactor: topic.replicas === undefined ? -1 : Math.min(topic.replicas, brokers.length),
      configEntries: toConfiguration(topic),
    })),
  });
  return topics.flatMap(({ name, replicas = 0 }) =>
    replicas <= brokers.length
      ? []
      : [{ topic: name, setting: 'replicas', contract: String(replicas), actual: String(brokers.length) }],
  );
}

/** Topics that exist, as the brokers have them. */
export async function describeAll(admin: Admin, names: readonly string[]): Promise<readonly TopicDescription[]> {
  if (names.length === 0) return [];
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
  const configurations = await configurationsOf(admin, names);
  return topics.map(({ name, partitions }) =>
    toDescription(
      { name, partitions: partitions.length, replicas: partitions[0]?.replicas.length ?? 0 },
      configurations.get(name) ?? {},
    ),
  );
}

async function configurationsOf(admin: Admin, names: readonly string[]) {
  const found = new Map<string, Record<string, string>>();
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name,
        configNames: [...CONFIGURATION_NAMES],
      })),
    });
    for (const { resourceName, configEntries } of resources) {
      const entries = configEntries.map(({ configName, configValue }) => [configName, configValue] as const);
      found.set(resourceName, Object.fromEntries(entries));
    }
  } catch (error) {
    if (isAway(error)) throw error;
    // An account may use topics without being allowed to see their configuration: then only partitions are compared.
  }
  return found;
}
