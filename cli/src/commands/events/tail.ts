import { string as argument } from '@oclif/core/args';
import { boolean, option } from '@oclif/core/flags';
import { BaseCommand, eventsUrl } from '../base-command.ts';

export default class Tail extends BaseCommand {
  static override summary = 'Show what is in the event log: the last messages of a topic, or of all.';
  static override examples = [
    '<%= config.bin %> events tail',
    '<%= config.bin %> events tail shop.orders.events --follow --json',
  ];
  static override args = { topic: argument({ description: 'All topics if left out.' }) };
  static override flags = {
    'from-beginning': boolean({ summary: 'All that is kept.' }),
    'events-url': eventsUrl,
    follow: boolean({ char: 'f', summary: 'Go on with what comes, until Ctrl+C.' }),
    stack: option({ options: ['embedded', 'external'] as const })({
      summary: 'Whose events; those of what runs by default.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Tail);
    const { findRoot } = await import('../../platform/find-root.ts');
    const { eventLogPlace } = await import('../../platform/event-log-place.ts');
    const { showRecord, tailEvents } = await import('../../platform/tail-events.ts');
    const stopping = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
    const root = findRoot(process.cwd());
    await tailEvents({
      root,
      place: eventLogPlace(root, process.env, { stack: flags.stack, url: flags['events-url'] }),
      ...(args.topic === undefined ? {} : { topic: args.topic }),
      fromBeginning: flags['from-beginning'],
      follow: flags.follow,
      signal: stopping.signal,
      // A line each, also as JSON: it may never end.
      show: (record) => void process.stdout.write(`${this.json ? JSON.stringify(record) : showRecord(record)}\n`),
    });
  }
}
