import { BaseCommand } from './base-command.ts';

export default class Down extends BaseCommand {
  static override summary = 'Stop what "parkwise up" started in this workspace.';

  async run(): Promise<void> {
    await this.parse(Down);
    const { findRoot } = await import('../platform/find-root.ts');
    const { down } = await import('../platform/down.ts');
    const outcome = await down({ root: findRoot(process.cwd()), progress: this.progress });
    this.result(outcome, outcome.stopped ? 'stopped' : 'nothing was running');
  }
}
