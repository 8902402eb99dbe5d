import { string } from '@oclif/core/args';
import { BaseCommand } from './base-command.ts';

export default class Lint extends BaseCommand {
  static override summary = 'Check parkwise.yaml and the contracts.';
  static override description =
    'Prints everything that is wrong with them at once, each with its place and what to do. Warnings and remarks do not fail.';
  static override strict = false;
  static override args = { file: string({ description: 'Print the findings of these files only.' }) };
  static override examples = ['<%= config.bin %> lint', '<%= config.bin %> lint contracts/openapi/orders.yaml --json'];

  async run(): Promise<void> {
    const { argv } = await this.parse(Lint);
    const { findRoot } = await import('../platform/find-root.ts');
    const { formatFindings, lint } = await import('../application/lint.ts');
    const from = process.cwd();
    const findings = await lint({ root: findRoot(from), files: argv.map(String), from });
    this.result({ findings }, formatFindings(findings));
    this.exitWith(findings.some(({ severity }) => severity === 'error') ? 1 : 0);
  }
}
