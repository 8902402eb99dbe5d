/**
 * Carries `--color auto|always|never` into `NO_COLOR` and `FORCE_COLOR`, which everything that prints goes by, child processes too.
 * Done before anything is imported, because libraries decide once.
 */
export const chooseColor = (argv: readonly string[], env: NodeJS.ProcessEnv = process.env): void => {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  const at = own.findLastIndex((argument) => argument === '--color' || argument.startsWith('--color='));
  if (at === -1) return;
  const choice = own[at]?.split('=')[1] ?? own[at + 1];
  if (choice === 'never') {
    env['NO_COLOR'] = '1';
    delete env['FORCE_COLOR'];
  } else if (choice === 'always') {
    env['FORCE_COLOR'] = '1';
    delete env['NO_COLOR'];
  }
};
