import { Command } from '@oclif/core/command';
import { boolean, option, string } from '@oclif/core/flags';

/**
 * What all commands share. A command is a file in this folder (its path is its name), exports its class by default, stays under 100 lines:
 * it parses its flags, calls one function of `application/` or `platform/`, which it imports inside `run` (so that `--help` and other
 * commands need not load it), and prints.
 *
 * ```ts
 * export default class Count extends BaseCommand {
 *   static override summary = 'Count the services.';
 *   static override flags = { all: Flags.boolean({ summary: 'External ones too.' }) };
 *   async run(): Promise<void> {
 *     const { flags } = await this.parse(Count);
 *     const { countServices } = await import('../application/count-services.ts');
 *     const count = await countServices({ folder: process.cwd(), all: flags.all, progress: this.progress });
 *     this.result({ count }, `${count} services`);
 *     if (count === 0) this.exitWith(1);
 *   }
 * }
 * ```
 *
 * What it throws: a `UserError` is printed with its next steps and sets its own exit code, a wrong flag exits 2, anything else is a bug: 3.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    json: boolean({ summary: 'Print the result as JSON on stdout.', helpGroup: 'GLOBAL' }),
    quiet: boolean({ summary: 'Print no progress, only results and errors.', helpGroup: 'GLOBAL' }),
    color: option({ options: ['auto', 'always', 'never'] as const, helpGroup: 'GLOBAL' })({
      summary: 'When to colour the output; NO_COLOR is respected.',
      helpValue: 'auto|always|never',
    }),
  };

  /** Whether `--json` was given. */
  protected get json(): boolean {
    return this.given('--json');
  }

  /** Prints what the command found or made: the value with `--json`, else the text (nothing if it is empty). */
  protected result(value: unknown, text: string): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    else if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Prints one line about what is going on, on stderr; bound, so that it can be handed on. */
  protected readonly progress = (line: string): void => {
    if (!this.json && !this.given('--quiet')) process.stderr.write(`${line}\n`);
  };

  /** The exit code, once everything has been printed. */
  protected exitWith(code: 0 | 1 | 2 | 3): void {
    process.exitCode = code;
  }

  /** Errors go on to `main.ts`, which prints them; oclif would do so in its own way. */
  protected override async catch(error: Error): Promise<never> {
    throw error;
  }

  private given(flag: string): boolean {
    const end = this.argv.indexOf('--');
    return (end === -1 ? this.argv : this.argv.slice(0, end)).includes(flag);
  }
}

/** For commands that read or write messages. Better by the environment: the URL may hold a password. */
export const eventsUrl = string({
  summary: "The event log to use, such as kafka://127.0.0.1:9092; the workspace's own by default.",
  env: 'PARKWISE_EVENTS_URL',
  // What the environment holds is not for the help to show.
  noCacheDefault: true,
});
