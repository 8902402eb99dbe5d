/** Instances of a service with live boards: real HTTP, a real database that they may share, and the fan-out that is asked for. */
import { createHttpApplication } from '../../../src/http/index.ts';
import { loadConfiguration } from '../../../src/configuration/load-configuration.ts';
import { createMetrics } from '../../../src/observability/metrics.ts';
import { column } from '../../../src/persistence/column.ts';
import { openDatabase } from '../../../src/persistence/open-database.ts';
import { table } from '../../../src/persistence/table.ts';
import type { Tx } from '../../../src/persistence/tx.ts';
import { createUnitOfWork } from '../../../src/persistence/unit-of-work.ts';
import { uuidIds } from '../../../src/process/uuid-ids.ts';
import { openLive } from '../../../src/realtime/open-live.ts';
import type { Delivery, Tell } from '../../../src/realtime/watch.ts';
import { InvalidTokenError } from '../../../src/security/verified-token.ts';
import { boardTables } from './board-channel.ts';

const pieces = table('pieces', {
  board: column.text({ max: 20 }).primaryKey(),
  piece: column.text({ max: 20 }).primaryKey(),
  place: column.text(),
});

interface Move {
  readonly piece: string;
  readonly to: string;
}
interface Request {
  readonly parameters: { readonly boardId: string };
  readonly auth: { readonly subject: string };
  readonly reply: {
    watch(what: object): unknown;
    notFound(): unknown;
    invalid(detail?: string): unknown;
  };
}
interface Connection {
  readonly commit: <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;
  readonly send: { moveAccepted(data: { piece: string }): void };
}

export interface InstanceOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Shared with other instances: `sqlite:/file`. */
  readonly databaseUrl?: string;
  readonly deliver?: (change: { readonly message: string; readonly data: unknown }) => Delivery;
  readonly now?: () => Date;
}

export type Instance = Awaited<ReturnType<typeof startInstance>>;

/** Tokens are the subject and, after a colon, what is wrong with them or when they end. */
const verify = (text: string) => {
  const [subject = '', what] = text.split('~');
  if (subject === '' || what === 'forged') throw new InvalidTokenError('forged');
  const scopes = what === 'scopeless' ? [] : ['boards:read'];
  const exp = /^\d+$/.test(what ?? '') ? Number(what) : 4_000_000_000;
  return { subject, scopes, roles: [], claims: { sub: subject, exp } };
};

export const startInstance = async (options: InstanceOptions = {}) => {
  const clock = { now: options.now ?? (() => new Date()) };
  const ids = uuidIds(clock);
  const lines: Record<string, unknown>[] = [];
  const write = (fields: object, message: string): void => void lines.push({ message, ...fields });
  const log = { debug: write, info: write, warn: write, error: write };
  const databaseUrl = options.databaseUrl ?? 'sqlite::memory:';
  const database = await openDatabase(databaseUrl, { clock });
  await database.migrate([{ name: '0001-pieces', up: (knex: never) => pieces.create(knex) }]);
  const tables = {
    name: 'boards',
    routes: [],
    securitySchemes: {},
    messages: [],
    topics: [],
    consumers: [],
    clients: {},
    documents: {},
    directory: new URL('.', import.meta.url),
    configuration: {},
    live: boardTables,
  };
  const { runtime: settings } = loadConfiguration(tables, {
    PARKWISE_MODE: 'development',
    PARKWISE_AUDIENCE: 'boards',
    PARKWISE_DEVELOPMENT_ISSUER: 'http://issuer.invalid',
    PARKWISE_DEVELOPMENT_JWKS_URL: 'http://issuer.invalid/jwks',
    PARKWISE_DATABASE_URL: databaseUrl,
    ...options.env,
  });
  const metrics = createMetrics({ service: 'boards', processMetrics: false });
  const live = await openLive({ service: 'boards', tables: boardTables, database, settings, clock, ids, log, metrics });
  const tell = live.publishers as unknown as Record<'board' | 'boards', { pieceMoved: Tell<Move> }>;
  const reads = { snapshots: 0 };
  /** Lets a test do something in the middle of a snapshot. */
  const hooks: { duringSnapshot?: (() => Promise<void>) | undefined } = {};

  const boardOf = async (board: string) => {
    reads.snapshots += 1;
    const rows = await pieces.find(database, { board });
    await hooks.duringSnapshot?.();
    return { pieces: Object.fromEntries(rows.map(({ piece, place }) => [piece, place])) };
  };
  const move = (board: string, piece: string, to: string) => async (tx: Tx) => {
    await pieces.upsert(tx, { board, piece, place: to });
    await tell.board.pieceMoved(tx, board, { piece, to });
    await tell.boards.pieceMoved(tx, [board], { piece, to });
  };
  const on = {
    async move({ piece, to }: Move, { commit, send }: Connection) {
      if (piece === 'poison') throw new Error('cannot be moved');
      await commit(move('chess', piece, to));
      send.moveAccepted({ piece });
    },
  };
  const http = createHttpApplication({
    tables,
    operations: {},
    unitOfWork: createUnitOfWork(database, clock),
    log,
    metrics,
    clock,
    ids,
  });
  const watchBoard = async ({ parameters: { boardId }, auth, reply }: Request) => {
    if (boardId === 'secret' && auth.subject !== 'owner') return reply.notFound();
    if (boardId === 'broken') throw new Error('the handler failed');
    if (boardId === 'wrong') return reply.invalid('No such kind of board.');
    let isGone = false;
    const snapshot = async () =>
      boardId === 'vanishing' && (isGone || ((isGone = true), false)) ? undefined : boardOf(boardId);
    return reply.watch({ rooms: boardId, snapshot, on, ...(options.deliver && { deliver: options.deliver }) });
  };
  const watchBoards = async ({ parameters: { boardId }, reply }: Request) =>
    reply.watch({ rooms: boardId.split('+'), snapshot: () => boardOf(boardId.split('+')[0] ?? ''), on });
  live.serve({
    http,
    handlers: { watchBoard: watchBoard as never, watchBoards: watchBoards as never },
    tokens: { verify },
  });
  const { port } = await http.listen(0, '127.0.0.1');
  http.state.phase = 'ready';

  return {
    port,
    lines,
    reads,
    hooks,
    database,
    state: http.state,
    /** Moves a piece and tells it, in one transaction. */
    move: (board: string, piece: string, to: string) => database.transaction(move(board, piece, to)),
    tell,
    live,
    metrics: () => metrics.registry.metrics(),
    stop: async () => {
      http.state.phase = 'stopping';
      await live.disconnect(2_000);
    },
    async [Symbol.asyncDispose]() {
      await live.disconnect(100);
      await http.close(0);
      await live.close();
      await database.close();
    },
  };
};
