import { BaseCommand } from './base-command.ts';

export default class Down extends BaseCommand {
  static override summary = 'Stop what "parkwise up" started in this workspace.';

  async run(): Promise<void> {
    await this.parse(Down);
  }
}
