import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '../source/did-you-mean.ts';
import { FindingList } from '../source/finding-list.ts';
import { milliseconds } from '../source/kind.ts';
import { parseSource } from '../source/parse-source.ts';
import { Places } from '../source/places.ts';
import { isObject, StructureReader } from '../source/structure-reader.ts';
import type { Finding } from './finding.ts';
import { pathWithin, workspaceFileSpec } from './workspace-file-spec.ts';
import type { SourcePosition, Workspace } from './workspace.ts';

/** What `parkwise.yaml` says, with defaults filled in. Light to import: contracts are not read. */
export interface WorkspaceFile {
  readonly name: string;
  readonly description?: string;
  /** Absolute path of the folder that holds `parkwise.yaml`. */
  readonly root: string;
  /** Services without a port of their own listen on the ports that follow it. */
  readonly portBase: number;
  /** Whether compose.yaml and a Dockerfile are generated. */
  readonly containers: boolean;
  readonly security: Workspace['security'];
  /** In the order of the file. */
  readonly services: readonly ServiceEntry[];
}

export interface ServiceEntry {
  readonly name: string;
  readonly external: boolean;
  /** Absent for external services. */
  readonly port?: number;
  readonly store: 'sql' | 'none';
  readonly demo: boolean;
  /** Its own settings that a container gets by file. */
  readonly secrets: readonly string[];
  /** How many processes of it run. */
  readonly scale: number;
  readonly url?: string;
  /** Relative to the root. */
  readonly openapi?: string;
  readonly asyncapi?: string;
  readonly calls: readonly CallEntry[];
  readonly source: SourcePosition;
}

export interface CallEntry {
  readonly service: string;
  readonly operationId: string;
  readonly reads?: readonly { readonly pointer: string; readonly source: SourcePosition }[];
  readonly timeoutMs: number;
  readonly retries: number;
  readonly source: SourcePosition;
}

export const workspaceFileName = 'parkwise.yaml';
const defaultPortBase = 4000;
const defaultTimeoutMs = 5000;
const defaultRetries = 2;

/**
 * Reads `parkwise.yaml` of a folder. All mistakes are findings; `workspace` is there when none of them is an error.
 * A missing file is a finding too (`no-workspace`).
 */
export const readWorkspaceFile = (
  root: string,
): { readonly workspace?: WorkspaceFile; readonly findings: readonly Finding[] } => {
  const path = join(root, workspaceFileName);
  if (!existsSync(path)) return { findings: [missingWorkspace(root)] };
  const places = new Places();
  const source = parseSource(workspaceFileName, readFileSync(path, 'utf8'), places);
  if (source.value === undefined) return { findings: source.findings };
  const findings = new FindingList();
  const reader = new StructureReader({ places, findings });
  const holder = { container: isObject(source.value) ? source.value : places, key: workspaceFileName };
  if (!isObject(source.value)) {
    findings.error(
      'wrong-type',
      { file: workspaceFileName, ...source.positionAt(0) },
      { message: 'parkwise.yaml has to be a map.', hint: 'Start with "version: 1".' },
    );
    return { findings: findings.sorted() };
  }
  const tree = reader.read(source.value, { is: 'object', spec: () => workspaceFileSpec }, holder) as Tree;
  const workspace = new Interpreter({ root, places, findings }).workspace(tree);
  return findings.hasErrors ? { findings: findings.sorted() } : { workspace, findings: findings.sorted() };
};

const missingWorkspace = (root: string): Finding => ({
  rule: 'no-workspace',
  severity: 'error',
  file: workspaceFileName,
  line: 1,
  column: 1,
  message: `There is no ${workspaceFileName} in ${root}.`,
  hint: 'Change to the folder of a workspace, or make one with "parkwise init".',
});

/** The tree after the structural check; what had a wrong shape is missing. */
interface Tree {
  readonly name?: string;
  readonly description?: string;
  readonly portBase?: number;
  readonly containers?: boolean;
  readonly security?: Workspace['security'];
  readonly services?: Readonly<Record<string, ServiceTree | null>>;
}

interface ServiceTree {
  readonly port?: number;
  readonly store?: 'sql' | 'none';
  readonly demo?: boolean;
  readonly secrets?: readonly string[];
  readonly scale?: number;
  readonly external?: boolean;
  readonly url?: string;
  readonly openapi?: string;
  readonly asyncapi?: string;
  readonly calls?: Readonly<Record<string, Readonly<Record<string, CallTree | null>>>>;
}

interface CallTree {
  readonly reads?: readonly string[];
  readonly timeout?: string;
  readonly retry?: number;
}

class Interpreter {
  readonly #root: string;
  readonly #places: Places;
  readonly #findings: FindingList;

  constructor(options: { root: string; places: Places; findings: FindingList }) {
    this.#root = options.root;
    this.#places = options.places;
    this.#findings = options.findings;
  }

  workspace(tree: Tree): WorkspaceFile {
    const portBase = tree.portBase ?? defaultPortBase;
    const services = tree.services ?? {};
    const ports = this.#ports(services, portBase);
    return {
      name: tree.name ?? '',
      ...(tree.description === undefined ? {} : { description: tree.description }),
      root: this.#root,
      portBase,
      containers: tree.containers ?? false,
      security: tree.security ?? {},
      services: Object.entries(services).map(([name, service]) =>
        this.#service(name, { service: service ?? {}, services, port: ports.get(name) }),
      ),
    };
  }

  #ports(services: NonNullable<Tree['services']>, portBase: number): ReadonlyMap<string, number> {
    const owners = new Map<number, string>();
    const ports = new Map<string, number>();
    for (const [name, service] of Object.entries(services)) {
      if (service?.port === undefined) continue;
      const owner = owners.get(service.port);
      if (owner !== undefined) {
        this.#findings.error('port-clash', this.#places.atValue(service, 'port'), {
          message: `The port ${service.port} belongs to ${owner} already.`,
          hint: 'Give each service a port of its own.',
        });
      }
      owners.set(service.port, name);
      ports.set(name, service.port);
    }
    let next = portBase + 1;
    for (const [name, service] of Object.entries(services)) {
      if (service?.port !== undefined || service?.external === true) continue;
      while (owners.has(next)) next += 1;
      owners.set(next, name);
      ports.set(name, next);
    }
    return ports;
  }

  #service(
    name: string,
    {
      service,
      services,
      port,
    }: { service: ServiceTree; services: NonNullable<Tree['services']>; port: number | undefined },
  ): ServiceEntry {
    const source = this.#places.at(services, name);
    const openapi = this.#contract(name, 'openapi', service);
    const asyncapi = this.#contract(name, 'asyncapi', service);
    if (
      openapi === undefined &&
      asyncapi === undefined &&
      service.openapi === undefined &&
      service.asyncapi === undefined
    ) {
      this.#findings.error('service-without-contract', source, {
        message: `The service "${name}" has no contract.`,
        hint: `Write contracts/openapi/${name}.yaml or contracts/asyncapi/${name}.yaml, or say by "openapi" or "asyncapi" where it is.`,
      });
    }
    const external = service.external === true;
    this.#fitting(name, service);
    return {
      name,
      external,
      ...(port === undefined ? {} : { port }),
      store: service.store ?? (external ? 'none' : 'sql'),
      demo: service.demo ?? false,
      secrets: service.secrets ?? [],
      scale: service.scale ?? 1,
      ...(service.url === undefined ? {} : { url: service.url }),
      ...(openapi === undefined ? {} : { openapi }),
      ...(asyncapi === undefined ? {} : { asyncapi }),
      calls: this.#calls(name, service, services),
      source,
    };
  }

  /** What only fits services of this repository, or only those of others. */
  #fitting(name: string, service: ServiceTree): void {
    const external = service.external === true;
    const misplaced = external ? (['port', 'store', 'demo', 'secrets', 'scale', 'calls'] as const) : (['url'] as const);
    for (const key of misplaced) {
      if (service[key] === undefined) continue;
      this.#findings.error('misplaced-setting', this.#places.at(service, key), {
        message: external
          ? `"${key}" says nothing about "${name}", which is external.`
          : `"url" is for external services; "${name}" is none.`,
        hint: external ? 'Remove it: an external service runs elsewhere.' : 'Remove it, or add "external: true".',
      });
    }
  }

  #contract(name: string, kind: 'openapi' | 'asyncapi', service: ServiceTree): string | undefined {
    const given = service[kind];
    const path = given ?? `contracts/${kind}/${name}.yaml`;
    if (pathWithin.test(path) && existsSync(join(this.#root, path))) return path.replace(/^\.\//, '');
    // A path that leads out of the workspace has been reported as such.
    if (given !== undefined && pathWithin.test(given)) {
      this.#findings.error('missing-file', this.#places.atValue(service, kind), {
        message: `There is no file ${given}.`,
        hint: 'Mend the path; it is relative to the folder of parkwise.yaml.',
      });
    }
    return undefined;
  }

  #calls(name: string, service: ServiceTree, services: NonNullable<Tree['services']>): readonly CallEntry[] {
    return Object.entries(service.calls ?? {}).flatMap(([called, operations]) => {
      if (!Object.hasOwn(services, called) || called === name) {
        this.#findings.error('unknown-service', this.#places.at(service.calls ?? {}, called), {
          message:
            called === name
              ? `"${name}" cannot call itself.`
              : `There is no service "${called}".${didYouMean(called, Object.keys(services))}`,
          hint: 'Name a service of this file.',
        });
        return [];
      }
      return Object.entries(operations).map(([operationId, call]) => ({
        service: called,
        operationId,
        ...(call?.reads
          ? {
              reads: call.reads.map((pointer, index) => ({
                pointer,
                source: this.#places.at(call.reads ?? [], index),
              })),
            }
          : {}),
        timeoutMs: call?.timeout === undefined ? defaultTimeoutMs : milliseconds(call.timeout),
        retries: call?.retry ?? defaultRetries,
        source: this.#places.at(operations, operationId),
      }));
    });
  }
}
