import { integer, option } from '@oclif/core/flags';
import { BaseCommand } from './base-command.ts';

export default class Doctor extends BaseCommand {
  static override summary = 'Look for what keeps the workspace from running, and say what to do about it.';
  static override description =
    'Node, ports, files, what killed runs left behind, generated code, databases; with --stack external also MariaDB, Kafka and Redis: reach, version, rights, topics, clocks. It changes nothing that lasts. Exit code 1 when there is a problem.';
  static override flags = {
    stack: option({ options: ['embedded', 'external'] as const })({
      summary: 'Files under .parkwise/, or servers, by the settings of "up"; PARKWISE_STACK, else embedded.',
    }),
    'port-base': integer({ summary: 'Of the platform that shall run.', min: 1024, max: 65_000 }),
  };
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --stack external --json'];

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const { findRoot } = await import('../platform/find-root.ts');
    const { examine } = await import('../platform/doctor/doctor.ts');
    const { showExamination } = await import('../platform/doctor/show-examination.ts');
    const portBase = flags['port-base'];
    const examination = await examine({
      root: findRoot(process.cwd()),
      stack: flags.stack,
      env: process.env,
      ...(portBase === undefined ? {} : { portBase }),
    });
    const color =
      process.env['FORCE_COLOR'] !== undefined || (process.stdout.isTTY && process.env['NO_COLOR'] === undefined);
    this.result(examination, showExamination(examination, { color }));
    this.exitWith(examination.healthy ? 0 : 1);
  }
}
