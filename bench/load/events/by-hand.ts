/**
 * What one would write without the runtime: kafkajs, mysql2, a transaction per message with a table of what has been handled, offsets
 * committed by kafkajs. `by-hand.ts <database> <topic> <group> <partitions>`. No retries, no dead letters, no order behind a failure.
 */
import { createPool, type ResultSetHeader } from 'mysql2/promise';
import { kafkaClient } from '../servers.ts';
import { now, serveOrders } from '../worker.ts';
import type { Handled, WarehouseOrder } from './warehouse.ts';

const [database = '', topic = '', groupId = '', partitions = '1'] = process.argv.slice(2);
const pool = createPool({ uri: database, connectionLimit: 8 });
await pool.query('CREATE TABLE orders (id VARCHAR(40) PRIMARY KEY, text TEXT NOT NULL, version BIGINT NOT NULL)');
await pool.query('CREATE TABLE handled (event_id VARCHAR(255) PRIMARY KEY, handled_at DATETIME(3) NOT NULL)');
const consumer = kafkaClient().consumer({ groupId, maxWaitTimeInMs: 250 });
let handled = 0;
let expected = Infinity;
let lastEffect = 0;
let done = Promise.withResolvers<void>();

interface Message {
  readonly metadata: { readonly id: string };
  readonly payload: { readonly orderId: string; readonly text: string };
}

const handle = async ({ metadata, payload }: Message): Promise<void> => {
  const connection = await pool.getConnection();
  try {
    await connection.query('BEGIN');
    const inbox = 'INSERT IGNORE INTO handled (event_id, handled_at) VALUES (?, NOW(3))';
    const [{ affectedRows }] = await connection.query<ResultSetHeader>(inbox, [metadata.id]);
    if (affectedRows === 1) {
      const insert = 'INSERT INTO orders (id, text, version) VALUES (?, ?, 1)';
      await connection.query(insert, [payload.orderId, payload.text]);
    }
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  } finally {
    connection.release();
  }
  handled += 1;
  if (handled < expected) return;
  lastEffect = now();
  done.resolve();
};

const start = async (): Promise<void> => {
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: Number(partitions),
    eachMessage: async ({ message }) => handle(JSON.parse(String(message.value)) as Message),
  });
};

serveOrders(
  async (order: WarehouseOrder): Promise<object> => {
    if ('start' in order) await start();
    if ('expect' in order) {
      expected = handled + order.expect;
      done = Promise.withResolvers();
    }
    if (!('wait' in order)) return {};
    await done.promise;
    const [rows] = await pool.query('SELECT count(*) AS rows_ FROM orders');
    return { lastEffect, rows: Number((rows as { rows_: number }[])[0]?.rows_) } satisfies Handled;
  },
  async () => {
    await consumer.disconnect();
    await pool.end();
  },
);
