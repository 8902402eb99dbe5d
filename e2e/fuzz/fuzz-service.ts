import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readReport, type FuzzCounts } from './read-report.ts';

/** What an answer is held to: see Schemathesis' documentation of each. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'response_headers_conformance',
  'negative_data_rejection',
];

/** `coverage` goes through each keyword of each schema, at random is `fuzzing`, `stateful` follows from one operation to the next. */
const allPhases = ['examples', 'coverage', 'fuzzing', 'stateful'] as const;

export interface FuzzOptions {
  /** The command, see `install-schemathesis.ts`. */
  readonly schemathesis: readonly string[];
  /** Of the service: its document is read from there, at `/openapi.json`. */
  readonly url: string;
  readonly token: string;
  /** Values that exist, by the name of the property or parameter that takes them. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  readonly seed: number;
  /** All if left out. */
  readonly phases?: readonly (typeof allPhases)[number][];
  /** Ends with the first finding, as it was found. */
  readonly firstOnly?: boolean;
  /** Per operation and phase. */
  readonly maxExamples: number;
  readonly maxSeconds: number;
}

export interface FuzzOutcome extends FuzzCounts {
  readonly passed: boolean;
  /** What Schemathesis printed, with a command to repeat each finding. */
  readonly output: string;
}

interface Document {
  readonly servers?: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId?: string }>>>>;
}

/** Sends valid and invalid requests of every operation that the service's own document names. */
export const fuzzService = async (options: FuzzOptions): Promise<FuzzOutcome> => {
  const { schemathesis, url, token, known, seed, phases = allPhases, maxExamples, maxSeconds } = options;
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  const basePath = new URL(document.servers?.[0]?.url ?? '/', url).pathname.replace(/\/$/, '');
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  const report = join(folder, 'events.ndjson');
  await writeFile(join(folder, 'known.json'), JSON.stringify(known));
  const flags = {
    url: url + basePath,
    header: `Authorization: Bearer ${token}`,
    checks: CHECKS.join(','),
    phases: phases.join(','),
    seed,
    'max-examples': maxExamples,
    'generation-database': 'none',
    'request-timeout': 10,
    report: 'ndjson',
    'report-ndjson-path': report,
  };
  const [command = '', ...first] = schemathesis;
  const args = [...first, 'run', `${url}/openapi.json`, '--no-color'];
  for (const [name, value] of Object.entries(flags)) args.push(`--${name}`, String(value));
  if (options.firstOnly) args.push('--max-failures', '1', '--no-shrink');
  try {
    const { code, output } = await run(command, args, { folder, maxSeconds });
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { operationId }]) =>
        operationId === undefined ? [] : [`${method.toUpperCase()} ${path}`],
      ),
    );
    return { passed: code === 0, output, ...(await readReport(report, operations)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const run = (
  command: string,
  args: readonly string[],
  { folder, maxSeconds }: { readonly folder: string; readonly maxSeconds: number },
): Promise<{ readonly code: number | null; readonly output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      // It keeps notes where it runs.
      cwd: folder,
      env: {
        ...process.env,
        PYTHONPATH: import.meta.dirname,
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: 'hooks',
        FUZZ_KNOWN: join(folder, 'known.json'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: maxSeconds * 1000,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal !== null) output += `\nended after ${maxSeconds} s, which is the limit\n`;
      resolve({ code, output });
    });
  });
