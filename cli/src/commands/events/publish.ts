import { string as argument } from '@oclif/core/args';
import { integer, option, string } from '@oclif/core/flags';
import { BaseCommand, eventsUrl } from '../base-command.ts';

export default class Publish extends BaseCommand {
  static override summary = 'Put a message into the events, as its sender would.';
  static override description =
    'The data is put into the envelope of the contract and checked against it; consumers see no difference.';
  static override examples = [`<%= config.bin %> events publish PaymentProcessed --data '{"orderId": "42"}'`];
  static override args = { message: argument({ description: 'Name in the contract.', required: true }) };
  static override flags = {
    data: string({ summary: 'The business data as JSON, or @file.json.', required: true }),
    key: string({ summary: 'What it is about, where the data does not say it.' }),
    'events-url': eventsUrl,
    sequence: integer({ summary: 'Version of what it is about, where the envelope has one; 1 by default.' }),
    stack: option({ options: ['embedded', 'external'] as const })({
      summary: 'Whose events; those of what runs by default.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Publish);
    const { findRoot } = await import('../../platform/find-root.ts');
    const { eventLogPlace } = await import('../../platform/event-log-place.ts');
    const { publishEvent } = await import('../../platform/publish-event.ts');
    const { key, sequence } = flags;
    const root = findRoot(process.cwd());
    const published = await publishEvent({
      root,
      place: eventLogPlace(root, process.env, { stack: flags.stack, url: flags['events-url'] }),
      message: args.message,
      data: flags.data,
      ...(key === undefined ? {} : { key }),
      ...(sequence === undefined ? {} : { sequence }),
    });
    this.result(published, `${published.message} ${published.id} is in ${published.topic} (key ${published.key})`);
  }
}
