import { string } from '@oclif/core/args';
import { option } from '@oclif/core/flags';
import { BaseCommand } from '../base-command.ts';

export default class StatusMigrations extends BaseCommand {
  static override summary = "Show which migrations each service's database has, and which it lacks.";
  static override description =
    'Exit code 1 when a migration is pending, was changed after it had been applied, or is missing.';
  static override strict = false;
  static override args = { service: string({ description: 'Only the databases of these services.' }) };
  static override flags = {
    stack: option({ options: ['embedded', 'external'] as const })({
      summary: 'Files under .parkwise/, or MariaDB, by the settings of "up"; PARKWISE_STACK, else embedded.',
    }),
  };
  static override examples = [
    '<%= config.bin %> migrate status',
    '<%= config.bin %> migrate status orders --stack external',
  ];

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(StatusMigrations);
    const { findRoot } = await import('../../platform/find-root.ts');
    const { readMigrations } = await import('../../platform/migrate.ts');
    const { areMigrationsSettled, showMigrations } = await import('../../platform/show-migrations.ts');
    const databases = await readMigrations({
      root: findRoot(process.cwd()),
      services: argv.map(String),
      stack: flags.stack,
      env: process.env,
    });
    this.result({ databases }, showMigrations(databases));
    this.exitWith(areMigrationsSettled(databases) ? 0 : 1);
  }
}
