import { string } from '@oclif/core/args';
import { BaseCommand } from './base-command.ts';

export default class Init extends BaseCommand {
  static override summary = 'Make an empty workspace.';
  static override description = 'Files that are there already stay as they are.';
  static override args = { directory: string({ description: 'The folder; it is made if need be.', default: '.' }) };
  static override examples = ['<%= config.bin %> init', '<%= config.bin %> init shop'];

  async run(): Promise<void> {
    const { args } = await this.parse(Init);
    const { init } = await import('../application/init.ts');
    const result = init(args.directory);
    const lines = [
      ...result.written.map((path) => `written  ${path}`),
      ...result.kept.map((path) => `kept     ${path}`),
      '',
      `A workspace in ${result.directory}. Next: "npm install", then "npx parkwise add service <name>".`,
    ];
    this.result(result, lines.join('\n'));
  }
}
