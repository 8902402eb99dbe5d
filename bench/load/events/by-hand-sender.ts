/**
 * What one would write without the runtime: each order a transaction of mysql2 with a row and a row in an outbox, which a loop sends by
 * kafkajs. `by-hand-sender.ts <database> <topic>`. One relay, no checks, no poison: as little as is right.
 */
import { randomUUID } from 'node:crypto';
import { openSql } from '../by-hand/sql.ts';
import { kafkaProducer } from '../servers.ts';
import { now, serveOrders } from '../worker.ts';
import { AT_ONCE, KEYS, RELAY_BATCH, TEXT } from './contract.ts';
import type { Sold } from './sales.ts';

const [database = '', topic = ''] = process.argv.slice(2);
const sql = openSql(database);
await sql.query('CREATE TABLE orders (id VARCHAR(40) PRIMARY KEY, text TEXT NOT NULL, version BIGINT NOT NULL)');
await sql.query(`CREATE TABLE outbox (
  id BIGINT PRIMARY KEY AUTO_INCREMENT, sent TINYINT NOT NULL DEFAULT 0, customer VARCHAR(255) NOT NULL, event_id CHAR(36) NOT NULL,
  payload TEXT NOT NULL, KEY unsent (sent, id))`);
const producer = kafkaProducer();
await producer.connect();
let made = 0;

const place = async (): Promise<void> => {
  const number = (made += 1);
  const orderId = `order-${number}`;
  const id = randomUUID();
  const key = `customer-${number % KEYS}`;
  const payload = JSON.stringify({ metadata: { id, type: 'OrderPlaced', key }, payload: { orderId, text: TEXT } });
  await sql.transaction(async (query) => {
    await query('INSERT INTO orders (id, text, version) VALUES (?, ?, 1)', orderId, TEXT);
    await query('INSERT INTO outbox (customer, event_id, payload) VALUES (?, ?, ?)', key, id, payload);
  });
};

/** @returns how many were sent. */
const relay = async (): Promise<number> => {
  const unsent = 'SELECT id, customer, event_id, payload FROM outbox WHERE sent = 0 ORDER BY id LIMIT ?';
  const rows = await sql.query(unsent, RELAY_BATCH);
  if (rows.length === 0) return 0;
  const messages = rows.map((row) => ({
    key: row['customer'] as string,
    headers: { ce_specversion: '1.0', ce_id: row['event_id'] as string, ce_type: 'OrderPlaced', ce_source: 'sales' },
    value: row['payload'] as string,
  }));
  await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages }] });
  const ids = rows.map((row) => row['id'] as number);
  await sql.query(`UPDATE outbox SET sent = 1 WHERE id IN (${ids.map(() => '?').join(', ')})`, ...ids);
  return rows.length;
};

serveOrders(
  async ({ count }: { readonly count: number }): Promise<Sold> => {
    const sizes: number[] = [];
    let firstCommit = 0;
    let left = count;
    let committed = Promise.withResolvers<void>();
    const customer = async (): Promise<void> => {
      for (; left > 0;) {
        left -= 1;
        await place();
        firstCommit ||= now();
        committed.resolve();
      }
    };
    const relaying = async (): Promise<number> => {
      for (let sent = 0; sent < count;) {
        await committed.promise;
        // Whoever commits from here on wakes it once more.
        committed = Promise.withResolvers();
        const size = await relay();
        if (size > 0) sizes.push(size);
        sent += size;
      }
      return now();
    };
    const lastAcknowledged = relaying();
    await Promise.all(Array.from({ length: AT_ONCE }, customer));
    const lastCommit = now();
    return { firstCommit, lastCommit, lastAcknowledged: await lastAcknowledged, sizes };
  },
  async () => {
    await producer.disconnect();
    await sql.close();
  },
);
