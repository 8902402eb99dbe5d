import { styleText } from 'node:util';
import type { RunningPlatform } from './run-platform.ts';

/** The table of what listens where, and what a newcomer can try. */
export const showRunning = (running: RunningPlatform, { color }: { color: boolean }): string => {
  const bold = (text: string): string => (color ? styleText('bold', text, { validateStream: false }) : text);
  const rows = running.services.map((service) => [service.name, place(service)] as const);
  if (running.issuer !== '') rows.push(['development issuer', running.issuer]);
  const width = Math.max(...rows.map(([name]) => name.length));
  const stack = running.stack === 'external' ? ' on the external stack' : '';
  const lines = [
    '',
    bold(`${running.name} is up${stack} (${(running.milliseconds / 1000).toFixed(1)} s)`),
    '',
    ...rows.map(([name, url]) => `  ${name.padEnd(width)}  ${url}`),
    '',
    '  Each service describes itself at /openapi.json and /asyncapi.json, and tells how it is at /health/ready and /metrics.',
    ...(running.issuer === '' ? [] : ['  A token to try: parkwise token --scope <scope> --sub <who>']),
    '',
  ];
  for (const { service, lines: notes } of running.notes) {
    lines.push(`  ${bold(`Demo data of ${service}`)}`, ...notes.map((note) => `    ${note}`), '');
  }
  return lines.join('\n');
};

const place = ({ url, urls = [url], basePath, external, processes }: RunningPlatform['services'][number]): string => {
  if (external) return `${url || '–'} (external)`;
  return `${urls.map((one) => one + basePath).join(', ')}${processes > 1 ? ` (${processes} processes)` : ''}`;
};
