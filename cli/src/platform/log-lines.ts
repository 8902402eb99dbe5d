import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const NAMES: readonly Style[] = [
  'cyan',
  'magenta',
  'yellow',
  'green',
  'blue',
  'cyanBright',
  'magentaBright',
  'yellowBright',
  'greenBright',
];

const LEVELS: Readonly<Record<string, { readonly name: string; readonly style: Style }>> = {
  10: { name: 'trace', style: 'dim' },
  20: { name: 'debug', style: 'dim' },
  30: { name: 'info', style: 'reset' },
  40: { name: 'warn', style: 'yellow' },
  50: { name: 'error', style: 'red' },
  60: { name: 'fatal', style: 'red' },
};
const BY_NAME = new Map(Object.values(LEVELS).map((level) => [level.name, level]));

/** Fields that every line has and nobody reads on a terminal. */
const SILENT = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'message', 'service', 'name', 'v']);

export interface LogFormat {
  readonly json: boolean;
  readonly color: boolean;
  readonly names: readonly string[];
}

/** Turns what a process prints, line by line, into the lines of the one log of the platform. */
export const logFormatter = ({ json, color, names }: LogFormat): ((service: string, line: string) => string) => {
  const width = Math.max(...names.map(({ length }) => length), 8);
  const paint = (style: Style, text: string): string =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const heads = new Map<string, string>();
  const head = (service: string): string => {
    const known = heads.get(service);
    if (known !== undefined) return known;
    const style = NAMES[Math.max(names.indexOf(service), 0) % NAMES.length] ?? 'cyan';
    const made = paint(service === 'parkwise' ? 'bold' : style, service.padEnd(width));
    heads.set(service, made);
    return made;
  };
  return (service, line) => {
    const record = parsed(line);
    if (json)
      return JSON.stringify(
        record === undefined ? { time: new Date().toISOString(), service, message: line } : { ...record, service },
      );
    if (record === undefined) return `${head(service)} ${line}`;
    const level = LEVELS[String(record['level'])] ??
      BY_NAME.get(String(record['level'])) ?? { name: '', style: 'reset' as const };
    const message = String(record['msg'] ?? record['message'] ?? '');
    const rest = Object.entries(record).filter(([key]) => !SILENT.has(key));
    const fields = rest.map(([key, value]) => `${key}=${short(value)}`).join(' ');
    return `${paint('dim', clockTime(record['time']))} ${head(service)} ${paint(level.style, `${level.name.padEnd(5)} ${message}`)}${fields === '' ? '' : ` ${paint('dim', fields)}`}`;
  };
};

const parsed = (line: string): Record<string, unknown> | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined; // a line that only looks like JSON is shown as it is
  }
};

const clockTime = (time: unknown): string => {
  const date = new Date(typeof time === 'number' || typeof time === 'string' ? time : Number.NaN);
  return Number.isNaN(date.getTime()) ? '            ' : date.toISOString().slice(11, 23);
};

const short = (value: unknown): string => {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value === 'object' && value !== null && 'stack' in value) return `\n${String(value.stack)}`;
  return JSON.stringify(value) ?? 'undefined';
};
