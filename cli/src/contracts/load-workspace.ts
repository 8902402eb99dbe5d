import { FindingList } from '../source/finding-list.ts';
import { SourceFiles } from '../source/source-files.ts';
import type { Finding } from '../model/finding.ts';
import { readWorkspaceFile, workspaceFileName } from '../model/workspace-file.ts';
import type { ServiceEntry, WorkspaceFile } from '../model/workspace-file.ts';
import type { HttpContract, MessagingContract, Service, Workspace } from '../model/workspace.ts';
import { loadAsyncApi } from './asyncapi/load-asyncapi.ts';
import { optional } from './bundle/bundle.ts';
import type { Bundle } from './bundle/bundle.ts';
import { deepFreeze } from './deep-freeze.ts';
import { namesOf } from '../model/names.ts';
import { loadContainers } from './load-containers.ts';
import { loadOpenApi } from './openapi/load-openapi.ts';
import { resolveCalls } from './resolve-calls.ts';
import { checkNames } from './check-names.ts';

export interface LoadResult {
  /** Present when no finding is an error. */
  readonly workspace?: Workspace;
  readonly findings: readonly Finding[];
  /** Every file that was read, relative to the root; empty when there is no readable workspace. */
  readonly read: readonly string[];
}

/** One service with its contracts read. */
export interface LoadedService {
  readonly entry: ServiceEntry;
  readonly http?: { readonly contract: HttpContract; readonly bundle: Bundle };
  readonly messaging?: { readonly contract: MessagingContract; readonly bundle: Bundle };
}

/**
 * Reads `parkwise.yaml` and the contracts of a workspace, checks all of it and builds the model. Every finding of every document is
 * returned at once. With `services`, only these (and the contracts of those they call) are read.
 */
export const loadWorkspace = async (
  root: string,
  options: { readonly services?: readonly string[] } = {},
): Promise<LoadResult> => {
  const { workspace: file, findings: first } = readWorkspaceFile(root);
  if (!file) return { findings: first, read: isReadable(first) ? [workspaceFileName] : [] };
  const findings = new FindingList();
  for (const finding of first) findings.add(finding);
  const files = new SourceFiles(root);
  const loaded: LoadedService[] = [];
  for (const entry of wanted(file, options.services)) loaded.push(await loadService(entry, { files, findings }));
  for (const source of files.loaded()) for (const finding of source.findings) findings.add(finding);
  for (const service of loaded) checkNames(service, findings);

  const services = loaded
    .map((service) => modelOf(service, { loaded, findings }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const containers = file.containers ? loadContainers(root, ownNames(file)) : undefined;
  const read = [workspaceFileName, ...files.loaded().map(({ path }) => path), ...(containers ? ['package.json'] : [])];
  if (findings.hasErrors) return { findings: findings.sorted(), read };
  const chosen = options.services ? services.filter(({ name }) => options.services?.includes(name)) : services;
  const { name, security } = file;
  const workspace = deepFreeze({
    name,
    root: file.root,
    security,
    ...optional('containers', containers),
    services: chosen,
  });
  return { workspace, findings: findings.sorted(), read };
};

const ownNames = ({ services }: WorkspaceFile): readonly string[] =>
  services.flatMap(({ name, external }) => (external ? [] : [name]));

/** A parkwise.yaml that is missing or no YAML cannot be read; one with mistakes can. */
const isReadable = (findings: readonly Finding[]): boolean =>
  !findings.some(({ rule }) => rule === 'invalid-yaml' || rule === 'no-workspace');

const wanted = (file: WorkspaceFile, names: readonly string[] | undefined): readonly ServiceEntry[] => {
  if (!names) return file.services;
  const called = file.services
    .filter(({ name }) => names.includes(name))
    .flatMap(({ calls }) => calls.map(({ service }) => service));
  return file.services.filter(({ name }) => names.includes(name) || called.includes(name));
};

const loadService = async (
  entry: ServiceEntry,
  { files, findings }: { files: SourceFiles; findings: FindingList },
): Promise<LoadedService> => {
  const http = entry.openapi === undefined ? undefined : await loadOpenApi(entry.openapi, { files, findings });
  const messaging = entry.asyncapi === undefined ? undefined : await loadAsyncApi(entry.asyncapi, { files, findings });
  return { entry, ...optional('http', http), ...optional('messaging', messaging) };
};

const modelOf = (
  service: LoadedService,
  context: { loaded: readonly LoadedService[]; findings: FindingList },
): Service => {
  const { entry } = service;
  return {
    name: entry.name,
    names: namesOf(entry.name, 'service'),
    external: entry.external,
    directory: `services/${entry.name}`,
    ...optional('port', entry.port),
    ...optional('url', entry.url),
    store: entry.store,
    demo: entry.demo,
    secrets: entry.secrets,
    ...optional('http', service.http?.contract),
    ...optional('messaging', service.messaging?.contract),
    calls: resolveCalls(entry, context),
    source: entry.source,
  };
};
