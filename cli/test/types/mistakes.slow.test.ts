import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { generate } from '../../src/application/generate.ts';

/**
 * Mistakes of a developer that must not compile. Each is made in a copy of one generated workspace, in the developer's own file, and
 * that is where the compiler has to complain; the same file without the mistake compiles.
 */
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const input = fileURLToPath(new URL('./fixtures/workspace', import.meta.url));

interface Mistake {
  readonly name: string;
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
  readonly says: RegExp;
}

const handler = (
  body: string,
  needs = '{ publish }: { publish: Publish }',
): string => `import type { PlaceOrder } from '../generated/operations.ts';
import type { Publish } from '../generated/messages.ts';
import type { Stock } from '../generated/clients.ts';

export type Needs = { publish: Publish; stock: Stock };

export const placeOrder = (${needs}): PlaceOrder => async ({ body, commit, reply }) => {
${body}
};
`;

const publishing = handler(`  return commit(async (tx) => {
    await publish.orderPlaced(tx, { orderId: body.id });
    return reply.created({ id: body.id, article: body.article });
  });`);

const calling = (field: string): string =>
  handler(
    `  const item = await stock.getItem({ path: { itemId: body.id } });
  if (item.status !== 200) return reply.notImplemented();
  return reply.created({ id: body.id, article: item.body.${field} });`,
    '{ stock }: { stock: Stock }',
  );

const receiving = (field: string): string => `import type { OnPaymentReceived } from '../generated/messages.ts';

export const onPaymentReceived = ({ log }: { log: (text: string) => void }): OnPaymentReceived => async ({ payload }) => {
  log(payload.${field});
};
`;

const root = (given: string): string => `import { defineService } from './generated/service.ts';

export default defineService((given) => ({ ${given} }));
`;

const mistakes: readonly Mistake[] = [
  {
    name: 'reads a field of a message that it did not declare',
    file: 'application/on-payment-received.ts',
    right: receiving('orderId'),
    wrong: receiving('receipt'),
    says: /Property 'receipt' does not exist/,
  },
  {
    name: 'reads a field of an answer that it did not declare',
    file: 'application/place-order.ts',
    right: calling('name'),
    wrong: calling('supplier'),
    says: /Property 'supplier' does not exist/,
  },
  {
    name: 'answers a status that the contract does not declare',
    file: 'application/place-order.ts',
    right: publishing,
    wrong: publishing.replace('reply.created(', 'reply.accepted('),
    says: /Property 'accepted' does not exist/,
  },
  {
    name: 'makes an answer by hand',
    file: 'application/place-order.ts',
    right: publishing,
    wrong: handler(`  return { status: 200 as const, body: body, headers: {} };`),
    says: /is not assignable to type/,
  },
  {
    name: 'forgets a required field of an answer',
    file: 'application/place-order.ts',
    right: publishing,
    wrong: publishing.replace(', article: body.article', ''),
    says: /Property 'article' is missing/,
  },
  {
    name: 'publishes outside a transaction',
    file: 'application/place-order.ts',
    right: publishing,
    wrong: handler(`  await publish.orderPlaced({} as import('@parkwise/runtime/codegen/v1').Sql, { orderId: body.id });
  return reply.notImplemented();`),
    says: /is not assignable to parameter of type 'Tx'/,
  },
  {
    name: 'lacks a port',
    file: 'service.ts',
    right: root('publish: given.publish, log: () => undefined'),
    wrong: root('log: () => undefined'),
    says: /publish/,
  },
];

t.setTimeout(200_000);
const workspace = mkdtempSync(join(repository, 'cli/test/types/fixtures/made-'));
t.teardown(() => rmSync(workspace, { recursive: true }));

/** One compilation for all: each mistake has a copy of the service, with the right file or the wrong one. */
t.test('mistakes do not compile', { timeout: 200_000 }, async (t) => {
  const base = join(workspace, 'base');
  cpSync(input, base, { recursive: true });
  const made = await generate({ root: base });
  t.same(
    made.findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  const right = {
    'application/place-order.ts': publishing,
    'application/on-payment-received.ts': receiving('orderId'),
    'service.ts': root('publish: given.publish, log: () => undefined'),
  };
  for (const [index, mistake] of mistakes.entries()) {
    for (const kind of ['right', 'wrong'] as const) {
      const source = join(workspace, `${index}-${kind}`, 'src');
      mkdirSync(source, { recursive: true });
      cpSync(join(base, 'services/orders/src'), source, { recursive: true });
      const others =
        mistake.right === calling('name')
          ? { ...right, 'service.ts': root('publish: given.publish, stock: given.clients.stock, log: () => undefined') }
          : right;
      for (const [file, text] of Object.entries({ ...others, [mistake.file]: mistake[kind] }))
        writeFileSync(join(source, file), text);
    }
  }
  const configuration = join(workspace, 'tsconfig.json');
  writeFileSync(
    configuration,
    JSON.stringify({
      extends: '../../../../../tsconfig.json',
      compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
      include: ['*/src'],
      exclude: [],
    }),
  );
  const { stdout } = spawnSync(
    process.execPath,
    [join(repository, 'node_modules/typescript/bin/tsc'), '-p', configuration, '--pretty', 'false'],
    {
      encoding: 'utf8',
      cwd: workspace,
    },
  );
  const errors = stdout.split(/\n(?=\S)/);
  for (const [index, mistake] of mistakes.entries()) {
    const of = (kind: string): string[] => errors.filter((error) => error.startsWith(`${index}-${kind}/`));
    t.same(of('right'), [], `without: ${mistake.name}`);
    const wrong = of('wrong');
    t.match(wrong.join('\n'), mistake.says, mistake.name);
    t.ok(
      wrong.every((error) => error.startsWith(`${index}-wrong/src/${mistake.file}(`)),
      `in the developer's file: ${wrong.join('\n')}`,
    );
  }
});
