import { join } from 'node:path';
import { loadWorkspace } from '../contracts/load-workspace.ts';
import type { EmittedService } from '../emitters/emit-service.ts';
import { startAsyncRenderer, type AsyncRenderer } from '../emitters/messaging/async-renderer.ts';
import type { Finding } from '../model/finding.ts';
import type { Service } from '../model/workspace.ts';
import { formatFile } from '../output/format.ts';
import type { OutputFile } from '../output/output-file.ts';
import { templatesDirectory } from '../output/templates-directory.ts';
import { UserError } from './user-error.ts';

export interface EmittedWorkspace {
  /** Formatted and sorted by path; absent when the contracts have errors. */
  readonly files?: readonly OutputFile[];
  readonly findings: readonly Finding[];
  /** Files that were read, relative to the root. */
  readonly read: readonly string[];
}

/** Contracts in, files out; nothing is written. */
export const emitWorkspace = async (root: string, chosen: readonly string[]): Promise<EmittedWorkspace> => {
  // First of all: it loads in a thread of its own while the contracts are read.
  const renderer = startAsyncRenderer(join(templatesDirectory(), 'asyncapi'));
  try {
    // Loading the emitters and reading the contracts take turns on one thread; the order does not matter.
    const [{ emitServiceFiles }, loaded] = await Promise.all([
      import('../emitters/emit-service.ts'),
      loadWorkspace(root, chosen.length === 0 ? {} : { services: chosen }),
    ]);
    const { workspace, findings, read } = loaded;
    if (workspace === undefined) return { findings, read };
    const services = pick(workspace.services, chosen);
    const emitted = services.map((service) => {
      const { files, messaging } = emitServiceFiles(service, workspace);
      return [...files.map(format), ...(messaging === undefined ? [] : [rendered(messaging, renderer)])];
    });
    const files = (await Promise.all(emitted.flat())).flat();
    return { files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), findings, read };
  } finally {
    await renderer.close();
  }
};

type Messaging = NonNullable<EmittedService['messaging']>;

const rendered = async (messaging: Messaging, renderer: AsyncRenderer): Promise<OutputFile[]> =>
  (await Promise.all(messaging.files(await renderer.render(messaging.request)).map(format))).flat();

/** Machine code stays as it comes: nobody reads it, and it is as large as everything else together. */
const format = async (file: OutputFile): Promise<OutputFile[]> => [
  /\.(?:ts|json)$/.test(file.path) && file.isMachineCode !== true
    ? { ...file, text: await formatFile(file.path, file.text) }
    : file,
];

const pick = (services: readonly Service[], chosen: readonly string[]): readonly Service[] => {
  const own = services.filter((service) => !service.external);
  const unknown = chosen.find((name) => !own.some((service) => service.name === name));
  if (unknown !== undefined) {
    throw new UserError({
      code: 'unknown-service',
      message: `there is no service ${unknown} in parkwise.yaml`,
      nextSteps: [`Name one of: ${own.map(({ name }) => name).join(', ')}.`],
    });
  }
  return chosen.length === 0 ? own : own.filter(({ name }) => chosen.includes(name));
};
