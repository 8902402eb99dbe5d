import { string } from '@oclif/core/args';
import { option } from '@oclif/core/flags';
import { BaseCommand } from '../base-command.ts';

export default class UpMigrations extends BaseCommand {
  static override summary = 'Bring the databases of the services up to date.';
  static override description =
    'Services do this themselves when they start; this does it before. Several may run at once: a lock lets one through.';
  static override strict = false;
  static override args = { service: string({ description: 'Only the databases of these services.' }) };
  static override flags = {
    stack: option({ options: ['embedded', 'external'] as const })({
      summary: 'Files under .parkwise/, or MariaDB, by the settings of "up"; PARKWISE_STACK, else embedded.',
    }),
  };
  static override examples = ['<%= config.bin %> migrate up', '<%= config.bin %> migrate up orders --stack external'];

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(UpMigrations);
    const { findRoot } = await import('../../platform/find-root.ts');
    const { applyMigrations } = await import('../../platform/migrate.ts');
    const { areMigrationsSettled, showMigrations } = await import('../../platform/show-migrations.ts');
    const databases = await applyMigrations({
      root: findRoot(process.cwd()),
      services: argv.map(String),
      stack: flags.stack,
      env: process.env,
    });
    this.result({ databases }, showMigrations(databases));
    this.exitWith(areMigrationsSettled(databases) ? 0 : 1);
  }
}
