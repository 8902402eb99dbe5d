import { boolean, integer, string } from '@oclif/core/flags';
import { BaseCommand } from './base-command.ts';

/** Contracts often want subjects to be UUIDs. */
const DEVELOPER = '01900000-0000-7000-8000-00000000de00';

export default class Token extends BaseCommand {
  static override summary = 'Print an access token of the development issuer, or an API key.';
  static override description =
    'For trying things from a shell: services started by "parkwise up" accept it for ten minutes; in production mode they never do. With --api-key it is a key instead, which goes wherever the contract wants one (header, query or cookie), under any of its schemes, and does not expire.';
  static override examples = [
    `curl -H "Authorization: Bearer $(<%= config.bin %> token --scope orders:read --sub ann)" http://127.0.0.1:4001/v1/orders`,
    `curl -H "X-Api-Key: $(<%= config.bin %> token --api-key --scope orders:read --sub partner)" http://127.0.0.1:4001/v1/orders`,
  ];
  static override flags = {
    'api-key': boolean({ summary: 'An API key instead of a token.', exclusive: ['audience', 'port-base'] }),
    scope: string({
      summary: 'What the token allows; several times, or several in one.',
      multiple: true,
      multipleNonGreedy: true,
    }),
    sub: string({ summary: 'Who the bearer is.', default: DEVELOPER }),
    role: string({ summary: 'A role of the bearer; several times.', multiple: true, multipleNonGreedy: true }),
    audience: string({ summary: "Whom it is for; the workspace's audience by default." }),
    'port-base': integer({ summary: 'Of the platform that shall accept it, if it is not up yet.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Token);
    const { findRoot } = await import('../platform/find-root.ts');
    const { mintApiKey, mintToken } = await import('../platform/mint-token.ts');
    const { audience } = flags;
    const portBase = flags['port-base'];
    const bearer = {
      root: findRoot(process.cwd()),
      subject: flags.sub,
      scopes: flags.scope ?? [],
      roles: flags.role ?? [],
    };
    if (flags['api-key']) {
      const apiKey = mintApiKey(bearer);
      return this.result({ apiKey }, apiKey);
    }
    const token = await mintToken({
      ...bearer,
      ...(audience === undefined ? {} : { audience }),
      ...(portBase === undefined ? {} : { portBase }),
    });
    this.result({ token }, token);
  }
}
