import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Why a service cannot run, for its developer. */
export interface StartProblem {
  readonly code: string;
  readonly message: string;
  readonly nextSteps: readonly string[];
}

const STEPS: Readonly<Record<string, string>> = {
  'port-taken': 'Stop the program that listens there, or move all ports with --port-base.',
  migration: 'Mend the migration and start again; what it did has been rolled back.',
  configuration: 'Set the variables named above.',
  demo: 'Mend the demo data of the service, or switch it off in parkwise.yaml ("demo: false").',
};

/** From what a service said of itself before it ended with status 2. */
export const saidProblem = (message: { code: string; message: string }): StartProblem => ({
  code: message.code,
  message: message.message,
  nextSteps: [STEPS[message.code] ?? 'Mend what the message says, and start again.'],
});

/** From what Node printed when the service's code could not even be loaded; `service` is its name. */
export const loadProblem = (service: string, root: string, errors: readonly string[]): StartProblem | undefined => {
  const text = errors.join('\n');
  const missing = /Cannot find (?:module|package) '([^']+)' imported from (?:file:\/\/)?(\S+)/.exec(text);
  if (missing !== null) {
    const [, wanted = '', by = ''] = missing;
    const file = place(root, wanted);
    const handler = /\/src\/(application|upcasters)\//.test(wanted);
    return {
      code: handler ? 'missing-handler' : 'missing-module',
      message: `${handler ? `the handler ${file} is missing` : `${file} is missing`}; ${place(root, by)} imports it`,
      nextSteps: [
        handler
          ? `Run "parkwise generate ${service}": it makes the file anew, for you to fill in.`
          : isAbsolute(wanted)
            ? 'Bring the file back, or mend the import.'
            : 'Run "npm install".',
      ],
    };
  }
  const noExport = /module '([^']+)' does not provide an export named '([^']+)'/.exec(text);
  if (noExport !== null) {
    return {
      code: 'missing-export',
      message: `${noExport[1]} exports nothing named ${noExport[2]}`,
      nextSteps: ['Export it under that name: generated code looks for it there.'],
    };
  }
  const thrown = errors.find((line) => /^(?:Uncaught )?[A-Za-z]*Error(?: \[\w+\])?: /.test(line));
  const where = /^(?:file:\/\/)?(\/[^\s]+:\d+)$/m.exec(text)?.[1];
  if (thrown === undefined) return undefined;
  return {
    code: 'load',
    message: `its code cannot be loaded: ${thrown}${where === undefined ? '' : ` (${place(root, where)})`}`,
    nextSteps: ['Mend the code and start again.'],
  };
};

const place = (root: string, target: string): string => {
  const path = target.startsWith('file:') ? fileURLToPath(target) : target;
  const inside = relative(root, path);
  return isAbsolute(path) && !inside.startsWith('..') ? inside : path;
};
