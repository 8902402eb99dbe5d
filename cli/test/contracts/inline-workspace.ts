import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';

/** Files by path relative to the root. */
export type InlineFiles = Readonly<Record<string, string>>;

/** A rule that has to be found where its mark `«rule»` stands in a file. */
export interface ExpectedFinding {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Writes a workspace to a folder of its own, which goes away with the test. Marks such as `«unknown-field»` are taken out of the
 * files and returned as the findings that are expected there. A `parkwise.yaml` with the service `orders` is added where there is none.
 */
export const inlineWorkspace = (
  t: Test,
  files: InlineFiles,
): { readonly root: string; readonly expected: readonly ExpectedFinding[] } => {
  const root = mkdtempSync(join(tmpdir(), 'parkwise-contracts-'));
  t.teardown(() => rmSync(root, { recursive: true, force: true }));
  const all = { 'parkwise.yaml': defaultWorkspace, ...files };
  const expected: ExpectedFinding[] = [];
  for (const [file, marked] of Object.entries(all)) {
    const { text, findings } = takeMarks(file, marked);
    expected.push(...findings);
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return { root, expected };
};

const defaultWorkspace = 'version: 1\nname: shop\nservices:\n  orders:\n    port: 4001\n';

const takeMarks = (file: string, marked: string): { text: string; findings: readonly ExpectedFinding[] } => {
  const findings: ExpectedFinding[] = [];
  const lines = marked.split('\n').map((line, index) => {
    let text = line;
    for (let mark = /«([a-z-]+)»/.exec(text); mark; mark = /«([a-z-]+)»/.exec(text)) {
      findings.push({ rule: mark[1] ?? '', file, line: index + 1, column: mark.index + 1 });
      text = text.slice(0, mark.index) + text.slice(mark.index + mark[0].length);
    }
    return text;
  });
  return { text: lines.join('\n'), findings };
};

/** An OpenAPI document of the service `orders`: the parts that always are the same are put before the text. */
export const openApi = (text: string): InlineFiles => ({
  'contracts/openapi/orders.yaml': `openapi: 3.1.0\ninfo: { title: Orders, version: 1.0.0 }\n${text.trimStart()}`,
});

/** The same with one operation `GET /orders`, of which only what differs is written. */
export const operation = (text: string): InlineFiles =>
  openApi(`paths:\n  /orders:\n    get:\n      operationId: listOrders\n      security: []\n${indent(text, 6)}\n`);

/** The same with one operation `POST /orders` that answers 204. */
export const posting = (text: string): InlineFiles =>
  openApi(
    `paths:\n  /orders:\n    post:\n      operationId: placeOrder\n      security: []\n      responses: { '204': { description: Done. } }\n${indent(text, 6)}\n`,
  );

/** The same with one schema, `Order`. */
export const schema = (text: string): InlineFiles =>
  openApi(`components:\n  schemas:\n    Order:\n${indent(text, 6)}\n`);

/** An AsyncAPI document of the service `orders`. */
export const asyncApi = (text: string): InlineFiles => ({
  'contracts/asyncapi/orders.yaml': `asyncapi: 3.0.0\ninfo: { title: Orders, version: 1.0.0 }\n${text.trimStart()}`,
});

/** The same with one message, `OrderPlaced`, that is sent. */
export const message = (text: string): InlineFiles =>
  asyncApi(
    `channels:\n  orderEvents:\n    address: shop.orders.events\n    messages:\n      OrderPlaced:\n${indent(text, 8)}\noperations:\n  sendOrderEvents:\n    action: send\n    channel: { $ref: '#/channels/orderEvents' }\n`,
  );

const indent = (text: string, columns: number): string =>
  text
    .replace(/^\n/, '')
    .trimEnd()
    .split('\n')
    .map((line) => ' '.repeat(columns) + line)
    .join('\n');
