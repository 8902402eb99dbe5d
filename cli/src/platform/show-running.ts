import { styleText } from 'node:util';
import type { RunningPlatform } from './run-platform.ts';

/** The table of what listens where, and what a newcomer can try. */
export const showRunning = (running: RunningPlatform, { color }: { color: boolean }): string => {
  const bold = (text: string): string => (color ? styleText('bold', text, { validateStream: false }) : text);
  const rows = [
    ...running.services.map(
      ({ name, url, basePath, external }) => [name, external ? `${url || '–'} (external)` : url + basePath] as const,
    ),
    ['development issuer', running.issuer] as const,
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = [
    '',
    bold(`${running.name} is up (${(running.milliseconds / 1000).toFixed(1)} s)`),
    '',
    ...rows.map(([name, url]) => `  ${name.padEnd(width)}  ${url}`),
    '',
    '  Each service describes itself at /openapi.json and /asyncapi.json, and tells how it is at /health/ready and /metrics.',
    '  A token to try: parkwise token --scope <scope> --sub <who>',
    '',
  ];
  for (const { service, lines: notes } of running.notes) {
    lines.push(`  ${bold(`Demo data of ${service}`)}`, ...notes.map((note) => `    ${note}`), '');
  }
  return lines.join('\n');
};
