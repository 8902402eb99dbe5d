import type { FindingList } from '../source/finding-list.ts';
import type { SourcePosition } from '../model/workspace.ts';
import type { LoadedService } from './load-workspace.ts';

/** Names of one service that would meet in generated code or as files of `src/application/`. */
export const checkNames = ({ http, messaging }: LoadedService, findings: FindingList): void => {
  const files = new NameTable(findings, (name) => `src/application/${name}.ts`);
  for (const { id, names } of http?.contract.operations ?? []) files.claim(names.kebab, `the operation "${id}"`);
  const upcasters = new NameTable(findings, (name) => `src/upcasters/${name}.ts`);
  for (const { id, messages, source } of messaging?.contract.consumers ?? []) {
    for (const { message, handler, upcastTo } of messages) {
      const owner = `the message "${message.id}" of "${id}"`;
      if (upcastTo === undefined) files.claim(handler.kebab, owner, source);
      else upcasters.claim(message.names.kebab, owner, source);
    }
  }
  for (const { id, handler, source } of messaging?.contract.realtime ?? [])
    files.claim(handler.kebab, `the channel "${id}"`, source);
  const publishers = new NameTable(findings, (name) => `publish.${name}`);
  for (const { id, names, channel, source } of messaging?.contract.sends ?? []) {
    publishers.claim(names.camel, `the message "${id}" of "${channel.address}"`, source);
  }
};

class NameTable {
  readonly #owners = new Map<string, string>();
  readonly #findings: FindingList;
  readonly #describe: (name: string) => string;

  constructor(findings: FindingList, describe: (name: string) => string) {
    this.#findings = findings;
    this.#describe = describe;
  }

  /** Without a position a clash has been reported already. */
  claim(name: string, owner: string, position?: SourcePosition): void {
    const other = this.#owners.get(name);
    if (other === undefined) this.#owners.set(name, owner);
    else if (position) {
      this.#findings.error('name-clash', position, {
        message: `${this.#describe(name)} would be for both ${other} and ${owner}.`,
        hint: 'Rename one of them.',
      });
    }
  }
}
