import type {
  Given,
  MessageContext,
  PublishMessage,
  Received,
  ServiceDefinition,
  Tx,
} from '@parkwise/runtime/codegen/v1';
import { consumer, counted, topics, type Counted } from './contract.ts';
import { counters, effects } from './tables.ts';

interface Publish {
  readonly counted: PublishMessage<Counted, [about: { readonly key: string; readonly sequence: number }]>;
}

/** What makes of a process a source or a sink; both in one are possible. */
const configuration = {
  counters: {
    type: 'integer',
    description: 'How many counters the source has; 0: it is none.',
    minimum: 0,
    default: 0,
  },
  steps: { type: 'integer', description: 'How far each counter goes.', minimum: 1, default: 10 },
  failPercent: { type: 'integer', description: 'Of the messages, how many fail in each try.', minimum: 0, default: 0 },
  mended: { type: 'boolean', description: 'Whether negative values are taken.', default: false },
} as const;

type Config = {
  readonly counters: number;
  readonly steps: number;
  readonly failPercent: number;
  readonly mended: boolean;
};
type Needs = Given<Publish, Record<string, never>, Config>;

const AT_ONCE = 4;

/** One step of a counter: the row first, then what tells of it, so that versions commit in their order. */
const step = async (tx: Tx, { publish, config }: Needs, counter: string): Promise<boolean> => {
  const { columns, name } = counters;
  const changed = await tx
    .knex(name)
    .where(columns.id, counter)
    .where(columns.version, '<', config.steps)
    .increment(columns.version, 1);
  if (Number(changed) === 0) return false;
  const row = await counters.first(tx, { id: counter });
  const version = row?.version ?? 0;
  await publish.counted(tx, { counter, value: version }, { key: counter, sequence: version });
  return true;
};

const onCounted =
  ({ config }: Needs) =>
  async ({ id, payload }: Received<Counted>, { commit }: MessageContext): Promise<void> => {
    const fails = (): boolean => Math.random() * 200 < config.failPercent;
    if (payload.value < 0 && !config.mended) throw new RangeError(`${payload.counter} is negative`);
    if (fails()) throw new Error('failed before the commit');
    await commit((tx) => effects.insert(tx, { eventId: id, counter: payload.counter, value: payload.value }));
    if (fails()) throw new Error('failed after the commit');
  };

const isSink = process.env['TALLY_SINK'] === 'yes';

export const tally: ServiceDefinition<Needs, Publish, Record<string, never>, Config> = {
  tables: {
    name: 'tally',
    routes: [],
    securitySchemes: {},
    messages: [counted],
    topics,
    consumers: isSink
      ? [consumer(process.env['TALLY_ORDER'] === 'key' ? 'key' : 'none', process.env['TALLY_PATIENT'] === 'yes')]
      : [],
    clients: {},
    documents: {},
    directory: new URL('./', import.meta.url),
    configuration,
  },
  compose: (given) => given,
  bind: (needs) => ({ operations: {}, messages: isSink ? { onCounted: onCounted(needs) } : {}, upcasters: {} }),
  jobs: (needs) => (needs.config.counters === 0 ? [] : [{ name: 'count', everyMs: 1, run: () => countOn(needs) }]),
};

/** Some steps of counters that chance picks, next to each other. */
const countOn = async (needs: Needs): Promise<void> => {
  const { config, transaction } = needs;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const counter = `c-${Math.floor(Math.random() * config.counters)}`;
      await transaction((tx) => step(tx, needs, counter));
    }),
  );
};
