import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { BaseCommand } from './base-command.ts';

export default class Generate extends BaseCommand {
  static override summary = 'Make the code of the services from their contracts.';
  static override description =
    'Everything under generated/ is replaced when the contract has changed; files of one’s own are written once and never touched again. Without services named: all of them.';
  static override strict = false;
  static override args = { service: string({ description: 'Generate these services only.' }) };
  static override flags = {
    check: boolean({ summary: 'Change nothing; fail if a run would.' }),
    'dry-run': boolean({ summary: 'Change nothing; print what a run would do.', exclusive: ['check'] }),
    force: boolean({ summary: 'Replace generated files that have been edited.' }),
  };
  static override examples = [
    '<%= config.bin %> generate',
    '<%= config.bin %> generate orders',
    '<%= config.bin %> generate --check',
  ];

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Generate);
    const { findRoot } = await import('../platform/find-root.ts');
    const { generate } = await import('../application/generate.ts');
    const { formatGenerated } = await import('../application/format-generated.ts');
    const dryRun = flags['dry-run'];
    const result = await generate({
      root: findRoot(process.cwd()),
      services: argv.map(String),
      check: flags.check,
      dryRun,
      force: flags.force,
    });
    this.result(result, formatGenerated(result, { isDone: !flags.check && !dryRun }));
    this.exitWith(result.findings.some(({ severity }) => severity === 'error') ? 1 : 0);
  }
}
