/** `npm run e2e:faults -- …`: faults that anyone can run, and the saboteurs that have to turn each of them red. */
import { parseArgs } from 'node:util';
import { STACKS, stacksOf, type Fault, type StackName } from './fault.ts';
import { loadFault, loadFaults } from './load-faults.ts';
import { runAll } from './run-all.ts';
import { runFault } from './run-fault.ts';

const USAGE = `npm run e2e:faults -- <name> [options]     one fault; ends with 0 if all promises were kept, else with 1
npm run e2e:faults -- --list               all faults, their saboteurs, the stacks on which they make sense
npm run e2e:faults -- --ci [options]       all of them, reduced, and all their saboteurs

  --full                the figures of the requirements (minutes) instead of a reduction (seconds)
  --seed <number>       decides what chance decides; 20261122
  --stack <stack>       embedded (SQLite) or external (MariaDB, Kafka, Redis; start them with npm run backends -- start); embedded, with --ci both
  --sabotage[=<which>]  with a promise broken on purpose, the fault's first saboteur if none is named: has to end with 1
  --no-saboteurs        with --ci: without them
  --lanes <number>      with --ci: how many at once; one more than there are processors, and no more than four`;

const SEED = '20261122';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const fail = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

const readStack = (text: string | undefined): StackName | undefined => {
  const stack = STACKS.find((one) => one === text);
  if (text !== undefined && !stack) fail(`There is no stack "${text}"; known are ${STACKS.join(', ')}.`);
  return stack;
};

const list = (faults: readonly Fault[]): void => {
  for (const { name, summary, only, saboteurs } of faults) {
    print(`${name.padEnd(22)} ${summary}`);
    print(`${' '.repeat(24)}${only ? `${only.stack} only: ${only.because}` : 'both stacks'}`);
    for (const [sabotage, { breaks, only: where }] of Object.entries(saboteurs))
      print(
        `${' '.repeat(24)}--sabotage=${sabotage}: ${breaks}${where ? ` (${where.stack} only: ${where.because})` : ''}`,
      );
  }
  const shared = faults.filter(({ only }) => !only).map(({ name }) => name);
  print(`\non both stacks (${shared.length}): ${shared.join(', ')}`);
  for (const stack of STACKS) {
    const names = faults.filter(({ only }) => only?.stack === stack).map(({ name }) => name);
    print(`on ${stack} only (${names.length}): ${names.join(', ') || 'none'}`);
  }
};

const chosenSaboteur = (fault: Fault, wanted: string | undefined): string | undefined => {
  if (wanted === undefined) return undefined;
  const known = Object.keys(fault.saboteurs);
  const chosen = wanted === '' ? known[0] : known.find((name) => name === wanted);
  return chosen ?? fail(`${fault.name} has no saboteur "${wanted}"; it has ${known.join(', ')}.`);
};

const one = async (name: string, values: ReturnType<typeof read>['values']): Promise<void> => {
  const fault = await loadFault(name).catch((error: unknown) =>
    fail(error instanceof Error ? error.message : String(error)),
  );
  const stack = readStack(values.stack) ?? stacksOf(fault)[0] ?? 'embedded';
  if (!stacksOf(fault).includes(stack))
    fail(`${name} makes sense on ${fault.only?.stack} only: ${fault.only?.because}`);
  const sabotage = chosenSaboteur(fault, values.sabotage);
  const verdict = await runFault(fault, {
    stack,
    full: values.full,
    seed: Number(values.seed),
    ...(sabotage === undefined ? {} : { sabotage }),
    say: print,
  });
  if (process.send) await new Promise((resolve) => process.send?.(verdict, undefined, undefined, resolve));
  // What a run that was cut short has left open must not keep it going.
  process.exit(verdict === 'green' ? 0 : 1);
};

const read = () =>
  parseArgs({
    // `--sabotage` alone means the first one.
    args: process.argv.slice(2).map((word) => (word === '--sabotage' ? '--sabotage=' : word)),
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      ci: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      'no-saboteurs': { type: 'boolean', default: false },
      seed: { type: 'string', default: process.env['SEED'] ?? SEED },
      stack: { type: 'string' },
      sabotage: { type: 'string' },
      lanes: { type: 'string' },
    },
  });

const parsed = (() => {
  try {
    return read();
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
})();
const { values, positionals } = parsed;
const [name, ...others] = positionals;
if (!/^\d+$/.test(values.seed)) fail(`The seed "${values.seed}" is no whole number.`);
if (values.lanes !== undefined && !/^[1-9]\d?$/.test(values.lanes)) fail(`${values.lanes} is no number of lanes.`);
if (values.list) list(await loadFaults());
else if (values.ci) {
  const stack = readStack(values.stack);
  const stacks = stack ? [stack] : STACKS;
  const ok = await runAll({
    stacks,
    seed: Number(values.seed),
    saboteurs: !values['no-saboteurs'],
    names: positionals,
    ...(values.lanes === undefined ? {} : { lanes: Number(values.lanes) }),
    say: print,
  });
  process.exit(ok ? 0 : 1);
} else if (name === undefined || values.help) print(USAGE);
else if (others.length > 0) fail(`One fault at a time; ${others.join(', ')} is too much.\n\n${USAGE}`);
else await one(name, values);
