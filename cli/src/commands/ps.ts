import { BaseCommand } from './base-command.ts';

export default class Ps extends BaseCommand {
  static override summary = 'List the services of the workspace: where they listen and how they are.';

  async run(): Promise<void> {
    await this.parse(Ps);
    const { findRoot } = await import('../platform/find-root.ts');
    const { listServices, showServices } = await import('../platform/list-services.ts');
    const services = listServices(findRoot(process.cwd()));
    this.result(services, showServices(services));
  }
}
