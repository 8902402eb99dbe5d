import { boolean, integer, option, string } from '@oclif/core/flags';
import { BaseCommand } from './base-command.ts';

export default class Up extends BaseCommand {
  static override summary = 'Run all services of the workspace, with no container.';
  static override description = `Each service is a process of its own, with a SQLite database and one event log under .parkwise/; a service that ends is started again. Several processes of a service tell each other of live updates beside its database, or over Redis where PARKWISE_REDIS_URL names one. The first Ctrl+C stops gracefully, the second at once.

With --stack external they use servers that you run: MariaDB, where each service gets a database and an account of its own, Kafka and Redis. Their URLs are taken from flags, else from the environment (PARKWISE_MARIADB_URL, PARKWISE_KAFKA_URL, PARKWISE_REDIS_URL, or a file that the variable with _FILE names), else from .env of the workspace. A password belongs into one of the latter: flags can be seen by everyone on the machine.`;
  static override examples = [
    '<%= config.bin %> up',
    '<%= config.bin %> up --detach',
    '<%= config.bin %> up --port-base 5000',
    '<%= config.bin %> up --scale orders=3',
    '<%= config.bin %> up --stack external --mariadb-url mysql://root@127.0.0.1:3306 --kafka-url kafka://127.0.0.1:9092 --redis-url redis://127.0.0.1:6379',
  ];
  static override flags = {
    detach: boolean({ char: 'd', summary: 'Return once all services are ready; "parkwise down" stops them.' }),
    'port-base': integer({
      summary: 'Move all ports: each keeps its distance from the base (4000).',
      min: 1024,
      max: 65_000,
    }),
    scale: string({
      summary: 'Run several processes of a service behind its port; several times.',
      helpValue: '<service>=<processes>',
      multiple: true,
      multipleNonGreedy: true,
    }),
    stack: option({ options: ['embedded', 'external'] as const })({
      summary: 'What the services store and send through; PARKWISE_STACK, else embedded.',
    }),
    'mariadb-url': string({ summary: 'As whom databases and accounts are made.', helpValue: 'mysql://…' }),
    'kafka-url': string({ summary: 'The brokers.', helpValue: 'kafka://…' }),
    'redis-url': string({ summary: 'For live updates; "none" goes without.', helpValue: 'redis://…' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Up);
    const { findRoot } = await import('../platform/find-root.ts');
    const { readChoices } = await import('../platform/read-choices.ts');
    const root = findRoot(process.cwd());
    const choices = readChoices(flags, this.progress);
    const color =
      process.env['FORCE_COLOR'] !== undefined || (process.stdout.isTTY && process.env['NO_COLOR'] === undefined);
    if (flags.detach) {
      const { detach } = await import('../platform/detach.ts');
      const { showRunning } = await import('../platform/show-running.ts');
      const running = await detach({ root, ...choices });
      this.result(running, showRunning(running, { color }));
      return;
    }
    const { up } = await import('../platform/up.ts');
    await up({ root, ...choices, json: this.json, color, env: process.env, progress: this.progress });
  }
}
