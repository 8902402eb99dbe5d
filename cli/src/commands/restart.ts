import { string as argument } from '@oclif/core/args';
import { BaseCommand } from './base-command.ts';

export default class Restart extends BaseCommand {
  static override summary = 'Restart services without a pause: each new process answers before the old one goes.';
  static override description =
    'One process after another, with the code and the settings files as they are now. If a new process cannot start, the old one stays.';
  static override examples = ['<%= config.bin %> restart orders', '<%= config.bin %> restart'];
  static override strict = false;
  static override args = { service: argument({ description: 'All services if left out; several are taken in turn.' }) };

  async run(): Promise<void> {
    const { argv } = await this.parse(Restart);
    const { findRoot } = await import('../platform/find-root.ts');
    const { restart } = await import('../platform/restart.ts');
    const outcome = await restart({
      root: findRoot(process.cwd()),
      services: argv as string[],
      progress: this.progress,
    });
    this.result(outcome, `restarted ${outcome.restarted.join(', ')}`);
  }
}
