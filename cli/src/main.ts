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

try {
  const [{ run }, { settings }, { readCommandSetup }] = await Promise.all([
    import('@oclif/core/run'),
    import('@oclif/core/settings'),
    import('./application/read-command-setup.ts'),
  ]);
  settings.enableAutoTranspile = false;
  const root = fileURLToPath(new URL('..', import.meta.url));
  const pjson = readCommandSetup(root, import.meta.url.endsWith('.ts') ? 'src' : 'dist');
  await run(process.argv.slice(2), { root, pjson: pjson as never });
} catch (error) {
  const { reportError } = await import('./application/report-error.ts');
  process.exitCode = reportError(error, { json: process.argv.includes('--json') });
}
