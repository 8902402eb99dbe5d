import { string } from '@oclif/core/args';
import { BaseCommand } from '../base-command.ts';

export default class AddService extends BaseCommand {
  static override summary = 'Add a service to the workspace.';
  static override description =
    'Makes the first version of its contracts (one operation, one event), its entry in parkwise.yaml and its code.';
  static override args = { name: string({ description: 'Lower-case words with hyphens.', required: true }) };
  static override examples = ['<%= config.bin %> add service orders'];

  async run(): Promise<void> {
    const { args } = await this.parse(AddService);
    const { findRoot } = await import('../../platform/find-root.ts');
    const { addService } = await import('../../application/add-service.ts');
    const { formatGenerated } = await import('../../application/format-generated.ts');
    const result = await addService(findRoot(process.cwd()), args.name);
    const lines = [
      ...result.written.map((path) => `written  ${path}`),
      formatGenerated(result.generated, { isDone: true }),
      '',
      `${result.name} listens on port ${result.port}. Its contracts are yours to change; "parkwise generate" follows them.`,
    ];
    this.result(result, lines.join('\n'));
    this.exitWith(result.generated.findings.some(({ severity }) => severity === 'error') ? 1 : 0);
  }
}
