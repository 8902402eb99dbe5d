import type { TopicDescription, TopicSettings } from '../event-bus.ts';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../record-size.ts';
import type { LogFile, LogRow } from './log-file.ts';

export interface LogTopic {
  readonly id: number;
  readonly name: string;
  readonly partitions: number;
  /** Of a record. */
  readonly maxBytes: number;
  readonly settings: TopicDescription;
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
      for (const { name, partitions, retentionMs, compact, maxMessageBytes } of topics) {
        this.#file.change(
          `INSERT INTO topics (name, partitions, retention_ms, compact, max_bytes) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
           partitions = max(partitions, excluded.partitions), retention_ms = coalesce(excluded.retention_ms, retention_ms),
           compact = max(compact, excluded.compact), max_bytes = coalesce(excluded.max_bytes, max_bytes)`,
          name,
          partitions,
          retentionMs ?? null,
          compact ? 1 : 0,
          maxMessageBytes ?? null,
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
    for (const row of await this.#file.read('SELECT * FROM topics ORDER BY name')) {
      const topic = toTopic(row);
      this.#byName.set(topic.name, topic);
      this.#byId.set(topic.id, topic);
    }
    return [...this.#byName.values()];
  }
}

function toTopic(row: LogRow): LogTopic {
  const [id, name, partitions] = [Number(row['id']), String(row['name']), Number(row['partitions'])];
  const maxBytes = Number(row['max_bytes'] ?? DEFAULT_MAX_MESSAGE_BYTES);
  const retentionMs = row['retention_ms'];
  const settings = {
    name,
    partitions,
    maxMessageBytes: maxBytes,
    compact: row['compact'] === 1,
    ...(retentionMs === null || retentionMs === undefined ? {} : { retentionMs: Number(retentionMs) }),
  };
  return { id, name, partitions, maxBytes, settings };
}
