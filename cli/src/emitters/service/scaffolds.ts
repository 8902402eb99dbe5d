/**
 * Files that are written once and belong to the developer from then on:
 *
 *   // src/application/place-order.ts
 *   export const placeOrder = (): PlaceOrder => async ({ reply }) => reply.notImplemented();
 */
import type { Service, Workspace } from '../../model/workspace.ts';
import type { OutputFile } from '../../output/output-file.ts';
import { docComment } from '../doc-comment.ts';
import { quote } from '../literal.ts';
import { upcasterName } from '../messaging/consumers.ts';
import { handledMessages, upcastMessages } from './define-service.ts';

export const emitScaffolds = (service: Service, workspace: Workspace): OutputFile[] => {
  const scaffold = (path: string, text: string, once = false): OutputFile => ({
    path: `${service.directory}/${path}`,
    policy: 'scaffolded',
    text,
    ...(once ? { once } : {}),
  });
  return [
    ...(service.http?.operations ?? []).map((operation) =>
      scaffold(
        `src/application/${operation.names.kebab}.ts`,
        `import type { ${operation.names.pascal} } from '../generated/operations.ts';

${docComment(operation.summary)}export const ${operation.names.camel} = (): ${operation.names.pascal} => async ({ reply }) => reply.notImplemented();
`,
      ),
    ),
    ...handledMessages(service).map(({ handler, message }) =>
      scaffold(
        `src/application/${handler.kebab}.ts`,
        `import type { ${handler.pascal} } from '../generated/messages.ts';

${docComment(message.summary)}export const ${handler.camel} = (): ${handler.pascal} => async () => {
  throw new Error('src/application/${handler.kebab}.ts is not written yet');
};
`,
      ),
    ),
    ...(service.messaging?.realtime ?? []).map(({ handler, summary }) =>
      scaffold(
        `src/application/${handler.kebab}.ts`,
        `import type { ${handler.pascal} } from '../generated/channels.ts';

${docComment(summary)}export const ${handler.camel} = (): ${handler.pascal} => async ({ reply }) => reply.notImplemented();
`,
      ),
    ),
    ...upcastMessages(service).map(({ message }) =>
      scaffold(
        `src/upcasters/${message.names.kebab}.ts`,
        `import type { Upcast${message.names.pascal} } from '../generated/messages.ts';

export const ${upcasterName(message)}: Upcast${message.names.pascal} = () => {
  throw new Error('src/upcasters/${message.names.kebab}.ts is not written yet');
};
`,
      ),
    ),
    scaffold('src/application/ports.ts', ports),
    scaffold('src/configuration.ts', configuration),
    scaffold('src/service.ts', compositionRoot),
    scaffold('package.json', packageJson(service, workspace)),
    scaffold(`test/${service.name}.test.ts`, test(service), true),
  ];
};

const ports = `/** What the handlers need from outside: interfaces, which adapters implement and \`service.ts\` brings together. */
export {};
`;

const configuration = `import type { ConfigurationSchema } from '@parkwise/runtime/codegen/v1';

/** The service's own settings, by property name. */
export const configuration = {} as const satisfies ConfigurationSchema;
`;

const compositionRoot = `import { defineService } from './generated/service.ts';

/** The composition root: the only place where ports meet adapters. */
export default defineService(() => ({}));
`;

const packageJson = (service: Service, workspace: Workspace): string =>
  `${JSON.stringify(
    {
      name: `@${workspace.name}/${service.name}`,
      version: '0.0.0',
      private: true,
      type: 'module',
      dependencies: { '@parkwise/runtime': '*' },
    },
    null,
    2,
  )}\n`;

const test = (service: Service): string => `import t from 'tap';
import { startTestService } from '../src/generated/testing.ts';
import service from '../src/service.ts';

t.test('it starts', async (t) => {
  await using app = await startTestService(service);
  const ready = await app.fetch('/health/ready');
  t.equal(ready.status, 200);
});
${service.http === undefined ? '' : contractTest(service)}`;

const contractTest = (service: Service): string => {
  const [operation] = service.http?.operations ?? [];
  if (operation === undefined) return '';
  return `
t.test('it serves its contract', async (t) => {
  await using app = await startTestService(service);
  const answer = await app.fetch('/openapi.json');
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, { operationId: string }>> };
  t.equal(paths[${quote(operation.path)}]?.[${quote(operation.method)}]?.operationId, ${quote(operation.id)});
});
`;
};
