import { isGone } from '../../persistence/process-owner.ts';
import type { LogFile } from './log-file.ts';
import type { LogTopic } from './log-topics.ts';

export interface Held {
  readonly topic: LogTopic;
  readonly partition: number;
  /** Next position to handle. */
  readonly committed: number;
}

export interface Round {
  /** Partitions that are this member's now, the ones it held before included. */
  readonly held: readonly Held[];
  /** Those it holds and should give up, for a member that joined. */
  readonly surplus: readonly Held[];
}

/**
 * Who in a consumer group reads which partition, in tables of the log. Members of a group divide the partitions of each topic among
 * themselves by their order; a partition changes hands only when its holder lets go, is dead, or let its lease run out.
 */
export class GroupLedger {
  readonly #file: LogFile;
  readonly #group: string;
  readonly #owner: string;
  readonly #topics: readonly LogTopic[];
  readonly #leaseMs: number;

  constructor(file: LogFile, member: { group: string; owner: string; topics: readonly LogTopic[]; leaseMs: number }) {
    this.#file = file;
    this.#group = member.group;
    this.#owner = member.owner;
    this.#topics = member.topics;
    this.#leaseMs = member.leaseMs;
  }

  /** Changes whenever somebody joined, left or let go. */
  async generation(): Promise<number> {
    const [row] = await this.#file.read('SELECT generation FROM groups WHERE name = ?', this.#group);
    return Number(row?.['generation'] ?? 0);
  }

  /** One heartbeat: renews membership and leases, takes what has become free. */
  round(now: number): Promise<Round> {
    return this.#file.write(() => {
      this.#renewMembership(now);
      const held: Held[] = [];
      const surplus: Held[] = [];
      for (const topic of this.#topics) {
        const members = this.#membersOf(topic);
        const index = members.indexOf(this.#owner);
        for (const { partition, committed, owner, expiresAt } of this.#assignments(topic)) {
          const mine = partition % members.length === index;
          const free = owner === null || owner === this.#owner || expiresAt <= now || isGone(owner);
          if (mine && free) {
            this.#take(topic, partition, now);
            held.push({ topic, partition, committed });
          } else if (owner === this.#owner) {
            this.#take(topic, partition, now);
            surplus.push({ topic, partition, committed });
          }
        }
      }
      return { held, surplus };
    });
  }

  /** @returns the partitions that are no longer this member's, so that nothing was committed for them. */
  commit(positions: readonly { topic: LogTopic; partition: number; next: number }[]): Promise<readonly unknown[]> {
    return this.#file.write(() =>
      positions.filter(
        ({ topic, partition, next }) =>
          this.#file.change(
            'UPDATE assignments SET committed = ? WHERE group_name = ? AND topic = ? AND partition = ? AND owner = ?',
            next,
            this.#group,
            topic.id,
            partition,
            this.#owner,
          ) === 0,
      ),
    );
  }

  async release(partitions: readonly { topic: LogTopic; partition: number }[]): Promise<void> {
    if (partitions.length === 0) return;
    await this.#file.write(() => {
      for (const { topic, partition } of partitions) {
        this.#file.change(
          'UPDATE assignments SET owner = NULL, expires_at = NULL WHERE group_name = ? AND topic = ? AND partition = ? AND owner = ?',
          this.#group,
          topic.id,
          partition,
          this.#owner,
        );
      }
      this.#bumpGeneration();
    });
  }

  async leave(): Promise<void> {
    await this.#file.write(() => {
      this.#file.change('DELETE FROM members WHERE group_name = ? AND owner = ?', this.#group, this.#owner);
      this.#file.change(
        'UPDATE assignments SET owner = NULL, expires_at = NULL WHERE group_name = ? AND owner = ?',
        this.#group,
        this.#owner,
      );
      this.#bumpGeneration();
    });
  }

  #renewMembership(now: number): void {
    const others = this.#file.query('SELECT owner, expires_at FROM members WHERE group_name = ?', this.#group);
    let changed = !others.some((row) => row['owner'] === this.#owner);
    for (const row of others) {
      const owner = String(row['owner']);
      if (owner === this.#owner || (Number(row['expires_at']) > now && !isGone(owner))) continue;
      this.#file.change('DELETE FROM members WHERE group_name = ? AND owner = ?', this.#group, owner);
      changed = true;
    }
    this.#file.change(
      `INSERT INTO members (group_name, owner, topics, expires_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (group_name, owner) DO UPDATE SET expires_at = excluded.expires_at`,
      this.#group,
      this.#owner,
      JSON.stringify(this.#topics.map((topic) => topic.name)),
      now + this.#leaseMs,
    );
    if (changed) this.#bumpGeneration();
  }

  #membersOf(topic: LogTopic): readonly string[] {
    return this.#file
      .query('SELECT owner, topics FROM members WHERE group_name = ? ORDER BY owner', this.#group)
      .filter((row) => (JSON.parse(String(row['topics'])) as string[]).includes(topic.name))
      .map((row) => String(row['owner']));
  }

  #assignments(topic: LogTopic) {
    for (let partition = 0; partition < topic.partitions; partition += 1) {
      this.#file.change(
        'INSERT OR IGNORE INTO assignments (group_name, topic, partition, committed) VALUES (?, ?, ?, 0)',
        this.#group,
        topic.id,
        partition,
      );
    }
    return this.#file
      .query(
        'SELECT partition, committed, owner, expires_at FROM assignments WHERE group_name = ? AND topic = ?',
        this.#group,
        topic.id,
      )
      .map((row) => ({
        partition: Number(row['partition']),
        committed: Number(row['committed']),
        owner: row['owner'] === null ? null : String(row['owner']),
        expiresAt: Number(row['expires_at'] ?? 0),
      }));
  }

  #take(topic: LogTopic, partition: number, now: number): void {
    this.#file.change(
      'UPDATE assignments SET owner = ?, expires_at = ? WHERE group_name = ? AND topic = ? AND partition = ?',
      this.#owner,
      now + this.#leaseMs,
      this.#group,
      topic.id,
      partition,
    );
  }

  #bumpGeneration(): void {
    this.#file.change(
      'INSERT INTO groups (name, generation) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET generation = generation + 1',
      this.#group,
    );
  }
}
