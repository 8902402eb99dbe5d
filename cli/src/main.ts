/** The program behind `bin/parkwise.js`: hands the arguments to oclif, and turns whatever is thrown into a message and an exit code. */
import { fileURLToPath } from 'node:url';
import { chooseColor } from './application/choose-color.ts';

chooseColor(process.argv);
// Asks for a check that the bin has already made, and costs 20 ms.
process.env['OCLIF_DISABLE_ENGINE_WARNING'] = '1';
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of a pipe has gone (`parkwise ps | head -1`): nobody is left to tell.
    process.exit(error.code === 'EPIPE' ? (process.exitCode ?? 0) : 3);
  });
}

const runCommand = async (argv: string[]): Promise<void> => {
  const [{ run }, { settings }, { readCommandSetup }] = await Promise.all([
    import('@oclif/core/run'),
    import('@oclif/core/settings'),
    import('./application/read-command-setup.ts'),
  ]);
  settings.enableAutoTranspile = false;
  const root = fileURLToPath(new URL('..', import.meta.url));
  const pjson = readCommandSetup(root, { from: import.meta.url.endsWith('.ts') ? 'src' : 'dist', argv });
  await run(argv, { root, pjson: pjson as never });
};

/** Prints the list of commands, and remembers it for the next time. */
const printHelp = async (): Promise<void> => {
  const { rememberedHelp } = await import('./application/remembered-help.ts');
  const commands = fileURLToPath(new URL('commands', import.meta.url));
  const remembered = rememberedHelp({
    commands,
    cache: process.env['NODE_COMPILE_CACHE'],
    stdout: process.stdout,
    env: process.env,
  });
  const known = remembered?.read();
  if (known !== undefined) {
    process.stdout.write(known);
    return;
  }
  const printed: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((chunk: string) => printed.push(chunk) > 0) as typeof process.stdout.write;
  try {
    await runCommand(['--help']);
  } finally {
    process.stdout.write = write;
    write(printed.join(''));
  }
  remembered?.write(printed.join(''));
};

try {
  const argv = process.argv.slice(2);
  const plain = argv.filter((argument) => !argument.startsWith('--color='));
  if (plain.length === 0 || (plain.length === 1 && ['--help', 'help'].includes(plain[0] ?? ''))) await printHelp();
  else await runCommand(argv);
} catch (error) {
  const { reportError } = await import('./application/report-error.ts');
  process.exitCode = reportError(error, { json: process.argv.includes('--json') });
}
