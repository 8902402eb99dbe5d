/**
 * Figures with goals: `npm run bench [-- name…] [--json]`. Each benchmark measures its peers in the same run, so that a
 * ratio holds on a slow machine too. Exit 1 when a goal is missed.
 */
import { parseArgs, styleText } from 'node:util';
import type { Figure } from './figure.ts';

const benches: Readonly<Record<string, () => Promise<{ run: () => Promise<Figure[]> }>>> = {
  generate: () => import('../cli/bench/generate.ts'),
  start: () => import('../cli/bench/start.ts'),
  http: () => import('../runtime/bench/http.ts'),
  events: () => import('../runtime/bench/events.ts'),
};

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}

const figures: Figure[] = [];
for (const [name, load] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.error(styleText('dim', `measuring ${name} …`));
  figures.push(...(await (await load()).run()));
}

if (values.json) console.log(JSON.stringify(figures, null, 2));
else
  for (const { name, value, unit, goal, holds } of figures)
    console.log(
      `${holds ? styleText('green', 'holds ') : styleText('red', 'misses')}  ${name.padEnd(72)} ${String(value).padStart(8)} ${unit}  (goal ${goal})`,
    );
process.exitCode = figures.every((figure) => figure.holds) ? 0 : 1;
