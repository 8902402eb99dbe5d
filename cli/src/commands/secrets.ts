import { BaseCommand } from './base-command.ts';

export default class Secrets extends BaseCommand {
  static override summary = 'Make the secrets that compose.yaml takes from files under secrets/.';
  static override description =
    'Random passwords and URLs that hold them, for each that is not there yet; git is told to leave the folder alone. What only a service itself understands is made empty and named.';

  async run(): Promise<void> {
    await this.parse(Secrets);
    const { findRoot } = await import('../platform/find-root.ts');
    const { makeSecrets } = await import('../application/make-secrets.ts');
    const secrets = makeSecrets(findRoot(process.cwd()));
    const { directory, made, kept, yours } = secrets;
    const lines = [
      ...made.map((name) => `made   ${directory}/${name}`),
      ...kept.map((name) => `kept   ${directory}/${name}`),
      ...yours.map(
        ({ name, service, setting }) => `empty  ${directory}/${name}  (${setting} of ${service}: fill it in)`,
      ),
    ];
    this.result(secrets, lines.join('\n'));
  }
}
