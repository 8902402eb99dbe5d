/**
 * The tables of a service that does nothing but count, in the shape in which they are generated. Its effects are not idempotent by
 * themselves, as those of the platform's services are: what comes twice is there twice.
 */
import type {
  ConsumerDefinition,
  EnvelopeDefinition,
  MessageDefinition,
  TopicDefinition,
  Validator,
} from '@parkwise/runtime/codegen/v1';

export interface Counted {
  readonly counter: string;
  readonly value: number;
}

const at = (pointer: string) => ({ in: 'payload', pointer }) as const;

export const envelope: EnvelopeDefinition = {
  id: at('/id'),
  type: at('/type'),
  version: at('/version'),
  time: at('/time'),
  key: at('/key'),
  sequence: at('/sequence'),
  data: at('/data'),
};

/** `value` has to be a number. */
const isCounted: Validator = (message) => {
  const { data } = message as { readonly data?: Partial<Counted> };
  const fits = typeof data?.value === 'number';
  isCounted.errors = fits
    ? null
    : [{ instancePath: '/data/value', schemaPath: '', keyword: 'type', params: {}, message: 'must be number' }];
  return fits;
};

export const TOPIC = 'tally.events';
export const GROUP = 'tally';
export const PARTITIONS = 8;

export const counted: MessageDefinition = {
  name: 'Counted',
  type: 'Counted',
  version: 1,
  topic: TOPIC,
  envelope,
  contentType: 'application/json',
  validate: isCounted,
  validateReceived: isCounted,
};

export const topics: readonly TopicDefinition[] = [{ address: TOPIC, partitions: PARTITIONS }];

/** Milliseconds; so many tries that chance alone moves nothing to the dead letters. */
const MANY_RETRIES = Array.from({ length: 12 }, () => 5);
const FEW_RETRIES = [5, 10];

export const consumer = (order: 'key' | 'none', patient: boolean): ConsumerDefinition => ({
  operationId: 'receiveTally',
  group: GROUP,
  topic: { address: TOPIC, partitions: PARTITIONS },
  order,
  retryMs: patient ? MANY_RETRIES : FEW_RETRIES,
  messages: [{ message: counted, handler: 'onCounted' }],
});
