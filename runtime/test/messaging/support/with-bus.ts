/** A bus of its own for one test of a transport. */
import type { EventLog, OutgoingRecord } from '../../../src/messaging/event-bus.ts';
import type { OpenBusOptions } from '../../../src/messaging/open-bus.ts';
import type { Transport } from './transports.ts';

export const record = (topic: string, key: string, value: string): OutgoingRecord => ({
  topic,
  key,
  headers: { h: value },
  value,
});

interface Bench {
  readonly bus: EventLog;
  /** Connects once more. */
  readonly another: (options?: OpenBusOptions) => Promise<EventLog>;
  /** Topics of four partitions and of one, and a group. */
  readonly a: string;
  readonly b: string;
  readonly g: string;
  readonly name: (name: string) => string;
}

export async function withBus(
  transport: Transport,
  work: (bench: Bench) => Promise<void>,
  options: OpenBusOptions = {},
): Promise<void> {
  const world = await transport.prepare();
  const opened: EventLog[] = [];
  const another = async (more: OpenBusOptions = options): Promise<EventLog> => {
    const bus = await world.open(more);
    opened.push(bus);
    return bus;
  };
  const name = (wanted: string): string => world.name(wanted);
  const [a, b, g] = [name('a'), name('b'), name('g')];
  try {
    const bus = await another();
    await bus.createTopics([
      { name: a, partitions: 4 },
      { name: b, partitions: 1 },
    ]);
    await work({ bus, another, a, b, g, name });
  } finally {
    await Promise.all(opened.map((bus) => bus.close()));
    await world.remove();
  }
}
