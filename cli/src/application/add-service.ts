import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, parseDocument, type Document, type YAMLMap } from 'yaml';
import { namesOf } from '../model/names.ts';
import { templatesDirectory } from '../output/templates-directory.ts';
import { readWorkspaceFile, type WorkspaceFile } from '../model/workspace-file.ts';
import { writeAtomically } from '../output/atomic-write.ts';
import { generate, type GenerateResult } from './generate.ts';
import { UserError } from './user-error.ts';

export interface AddServiceResult {
  readonly name: string;
  readonly port: number;
  /** Contracts and workspace entry; what was generated from them stands in `generated`. */
  readonly written: readonly string[];
  readonly generated: GenerateResult;
}

/** The contracts' first version of a new service, its place in the workspace, and the code for it. */
export const addService = async (root: string, name: string): Promise<AddServiceResult> => {
  const workspace = readable(root);
  checkName(name, workspace);
  const contracts = { openapi: `contracts/openapi/${name}.yaml`, asyncapi: `contracts/asyncapi/${name}.yaml` };
  for (const path of [...Object.values(contracts), `services/${name}`]) {
    if (!existsSync(join(root, path))) continue;
    throw new UserError({
      code: 'file-exists',
      message: `${path} is there already`,
      nextSteps: [`Add ${name} to parkwise.yaml by hand and run "parkwise generate", or choose another name.`],
    });
  }
  const port = Math.max(workspace.portBase, ...workspace.services.map((service) => service.port ?? 0)) + 1;
  const title = name
    .split('-')
    .map((word, index) => (index === 0 ? word.charAt(0).toUpperCase() + word.slice(1) : word))
    .join(' ');
  const fill = (kind: string): string =>
    readFileSync(join(templatesDirectory(), 'service', `${kind}.yaml`), 'utf8')
      .replaceAll('__workspace__', workspace.name)
      .replaceAll('__name__', name)
      .replaceAll('__title__', title)
      .replaceAll('__port__', String(port));
  const entry = withService(readFileSync(join(root, 'parkwise.yaml'), 'utf8'), { name, port });
  writeAtomically(join(root, contracts.openapi), fill('openapi'));
  writeAtomically(join(root, contracts.asyncapi), fill('asyncapi'));
  // Last: a contract that no entry names does no harm, an entry without its contract does.
  writeAtomically(join(root, 'parkwise.yaml'), entry);
  const generated = await generate({ root, services: [name] });
  return { name, port, written: [...Object.values(contracts), 'parkwise.yaml'], generated };
};

const readable = (root: string): WorkspaceFile => {
  const { workspace, findings } = readWorkspaceFile(root);
  if (workspace) return workspace;
  const [first] = findings;
  throw new UserError({
    code: 'unreadable-workspace',
    message: first ? `${first.file}:${first.line}:${first.column} ${first.message}` : 'parkwise.yaml cannot be read',
    nextSteps: first ? [first.hint] : [],
  });
};

const checkName = (name: string, workspace: WorkspaceFile): void => {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    throw new UserError({
      code: 'invalid-service-name',
      message: `${name} cannot name a service`,
      nextSteps: ['Use lower-case words with hyphens, such as "order-history".'],
    });
  }
  const spelled = namesOf(name, 'service').camel;
  const clash = workspace.services.find((service) => namesOf(service.name, 'service').camel === spelled);
  if (clash) {
    throw new UserError({
      code: 'service-exists',
      message:
        clash.name === name
          ? `there is a service ${name} already`
          : `${name} would be called like ${clash.name} in code`,
      nextSteps: ['Choose another name.'],
    });
  }
};

/** The text with one more service: comments, order and format of the rest stay. */
const withService = (text: string, { name, port }: { name: string; port: number }): string => {
  const document: Document = parseDocument(text);
  const services = document.get('services');
  const block = `  ${name}:\n    port: ${port}\n    store: sql\n`;
  if (!isMap(services) || services.items.length === 0 || (services as YAMLMap).flow === true) {
    document.setIn(['services', name], document.createNode({ port, store: 'sql' }));
    const map = document.get('services') as YAMLMap;
    map.flow = map.items.length > 1 && map.flow === true;
    return document.toString({ lineWidth: 0 });
  }
  // Beneath the last entry, in the file's own indentation: printing the whole document again would lose its blank lines.
  const last = services.items.at(-1);
  const end = (last?.value as { range?: [number, number, number] } | null)?.range?.[1] ?? text.length;
  const indent = indentation(text, services);
  const insertion = block.replace(/^ {2}/gm, indent).replace(new RegExp(`^${indent} {2}`, 'gm'), `${indent}  `);
  const at = lineEnd(text, end);
  return `${text.slice(0, at)}${text.slice(0, at).endsWith('\n') ? '' : '\n'}\n${insertion}${text.slice(at)}`;
};

const lineEnd = (text: string, from: number): number => {
  // The range of a block ends behind its last line break.
  if (text.charAt(from - 1) === '\n') return from;
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at + 1;
};

const indentation = (text: string, services: YAMLMap): string => {
  const first = services.items[0]?.key as { range?: [number, number, number] } | undefined;
  const start = first?.range?.[0] ?? 0;
  return ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1)) || '  ';
};
