import type { TopicSettings } from '../event-bus.ts';
import type { LogFile } from './log-file.ts';

export interface LogTopic {
  readonly id: number;
  readonly name: string;
  readonly partitions: number;
}

/** The topics of the log, remembered: they are only ever added to. */
export class LogTopics {
  readonly #file: LogFile;
  readonly #byName = new Map<string, LogTopic>();
  readonly #byId = new Map<number, LogTopic>();

  constructor(file: LogFile) {
    this.#file = file;
  }

  async create(topics: readonly TopicSettings[]): Promise<void> {
    await this.#file.write(() => {
      for (const { name, partitions, retentionMs, compact } of topics) {
        this.#file.change(
          `INSERT INTO topics (name, partitions, retention_ms, compact) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
           partitions = max(partitions, excluded.partitions), retention_ms = coalesce(excluded.retention_ms, retention_ms), compact = max(compact, excluded.compact)`,
          name,
          partitions,
          retentionMs ?? null,
          compact ? 1 : 0,
        );
      }
    });
    await this.load();
  }

  /** @throws Error for a topic that nobody has created. */
  async byName(name: string): Promise<LogTopic> {
    if (!this.#byName.has(name)) await this.load();
    const topic = this.#byName.get(name);
    if (!topic) throw new Error(`The topic "${name}" does not exist: create it before sending or subscribing`);
    return topic;
  }

  async byId(id: number): Promise<LogTopic> {
    if (!this.#byId.has(id)) await this.load();
    const topic = this.#byId.get(id);
    if (!topic) throw new Error(`The log has no topic ${id}`);
    return topic;
  }

  async load(): Promise<readonly LogTopic[]> {
    const rows = await this.#file.read('SELECT id, name, partitions FROM topics ORDER BY name');
    for (const row of rows) {
      const topic = { id: Number(row['id']), name: String(row['name']), partitions: Number(row['partitions']) };
      this.#byName.set(topic.name, topic);
      this.#byId.set(topic.id, topic);
    }
    return [...this.#byName.values()];
  }
}
