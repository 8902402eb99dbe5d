import { boolean, integer } from '@oclif/core/flags';
import { BaseCommand } from './base-command.ts';

export default class Up extends BaseCommand {
  static override summary = 'Run all services of the workspace, with no container.';
  static override description = `Each service is a process of its own, with a SQLite database and one event log under .parkwise/; a service that ends is started again. The first Ctrl+C stops gracefully, the second at once.`;
  static override examples = [
    '<%= config.bin %> up',
    '<%= config.bin %> up --detach',
    '<%= config.bin %> up --port-base 5000',
  ];
  static override flags = {
    detach: boolean({ char: 'd', summary: 'Return once all services are ready; "parkwise down" stops them.' }),
    'port-base': integer({
      summary: 'Move all ports: each keeps its distance from the base (4000).',
      min: 1024,
      max: 65_000,
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Up);
    const { findRoot } = await import('../platform/find-root.ts');
    const root = findRoot(process.cwd());
    const portBase = flags['port-base'];
    const moved = portBase === undefined ? {} : { portBase };
    const color =
      process.env['FORCE_COLOR'] !== undefined || (process.stdout.isTTY && process.env['NO_COLOR'] === undefined);
    if (flags.detach) {
      const { detach } = await import('../platform/detach.ts');
      const { showRunning } = await import('../platform/show-running.ts');
      const running = await detach({ root, ...moved });
      this.result(running, showRunning(running, { color }));
      return;
    }
    const { up } = await import('../platform/up.ts');
    await up({ root, ...moved, json: this.json, color, env: process.env, progress: this.progress });
  }
}
