import { integer, string } from '@oclif/core/flags';
import { BaseCommand } from './base-command.ts';

export default class Token extends BaseCommand {
  static override summary = 'Print an access token of the development issuer.';
  static override description =
    'For trying things from a shell: services started by "parkwise up" accept it for ten minutes; in production mode they never do.';
  static override examples = [
    `curl -H "Authorization: Bearer $(<%= config.bin %> token --scope orders:read --sub ann)" http://127.0.0.1:4001/v1/orders`,
  ];
  static override flags = {
    scope: string({
      summary: 'What the token allows; several times, or several in one.',
      multiple: true,
      multipleNonGreedy: true,
    }),
    sub: string({ summary: 'Who the bearer is.', default: 'developer' }),
    role: string({ summary: 'A role of the bearer; several times.', multiple: true, multipleNonGreedy: true }),
    audience: string({ summary: "Whom it is for; the workspace's audience by default." }),
    'port-base': integer({ summary: 'Of the platform that shall accept it, if it is not up yet.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Token);
    const { findRoot } = await import('../platform/find-root.ts');
    const { mintToken } = await import('../platform/mint-token.ts');
    const { audience } = flags;
    const portBase = flags['port-base'];
    const token = await mintToken({
      root: findRoot(process.cwd()),
      subject: flags.sub,
      scopes: flags.scope ?? [],
      roles: flags.role ?? [],
      ...(audience === undefined ? {} : { audience }),
      ...(portBase === undefined ? {} : { portBase }),
    });
    this.result({ token }, token);
  }
}
