/**
 * Figures under load: `npm run bench:load [-- name…] [-- --json] [-- --quick]`. Clients, services and servers share the machine, and
 * whatever is held against something else is measured in the same run, in turns with it: ratios say more than rates. Exit 1 when a goal
 * is missed.
 */
import { parseArgs, styleText } from 'node:util';
import type { Figure } from '../figure.ts';
import type { LoadBench } from './figures.ts';

const benches: Readonly<Record<string, () => Promise<LoadBench>>> = {
  http: () => import('./http.ts'),
  cost: () => import('./cost.ts'),
  events: () => import('./event-rate.ts'),
  live: () => import('./fan-out.ts'),
  'catch-up': () => import('./catch-up.ts'),
};

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}

const figures: Figure[] = [];
for (const [name, load] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.error(styleText('dim', `measuring ${name} …`));
  figures.push(...(await (await load()).run({ quick: values.quick ?? false })));
}

const verdict = ({ unit, goal, holds }: Figure): string => {
  if (unit === 'skipped' || goal === 'for comparison')
    return styleText('dim', unit === 'skipped' ? 'skips ' : '      ');
  return holds ? styleText('green', 'holds ') : styleText('red', 'misses');
};

if (values.json) console.log(JSON.stringify(figures, null, 2));
else
  for (const figure of figures) {
    const { name, value, unit, goal } = figure;
    const measured = unit === 'skipped' ? '' : `${String(value).padStart(8)} ${unit}`;
    const asked = goal === '' || goal === 'for comparison' ? '' : `  (goal ${goal})`;
    console.log(`${verdict(figure)}  ${name.padEnd(96)} ${measured}${asked}`);
  }
process.exitCode = figures.every((figure) => figure.holds) ? 0 : 1;
