/**
 * Renders the messaging files through @asyncapi/generator. It runs in a thread of its own: loading the generator takes longer than
 * everything else, and the other emitters need not wait for it.
 */
import { createRequire, enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { RenderAnswer, RenderRequest } from './async-renderer.ts';

interface Generator {
  installAndSetupTemplate(): Promise<unknown>;
  configureTemplateWorkflow(options: object): Promise<void>;
  asyncapi: unknown;
  templateDir: string;
  templateContentDir: string;
  renderFile(document: unknown, file: string): Promise<{ readonly content: string }>;
}
type GeneratorClass = new (template: string, target: string, options: object) => Generator;
interface ParserModule {
  readonly Parser: new (options: object) => {
    parse(
      document: unknown,
    ): Promise<{ document?: unknown; diagnostics: readonly { message: string; severity: number }[] }>;
  };
}

enableCompileCache();
const { templateDirectory } = workerData as { readonly templateDirectory: string };
const require = createRequire(import.meta.url);

/** Puts an empty module in the place of one that is loaded and never called. */
const leaveOut = (from: NodeJS.Require, name: string, exports: unknown): void => {
  const id = from.resolve(name);
  from.cache[id] = Object.assign(Object.create(null) as NodeJS.Module, {
    id,
    filename: id,
    loaded: true,
    exports,
    children: [],
    paths: [],
  });
};

const loadGenerator = (): GeneratorClass => {
  const inGenerator = createRequire(require.resolve('@asyncapi/generator'));
  // It looks for npm's own folder as it is loaded, and fails where Node came as a package, without npm beside it.
  leaveOut(inGenerator, 'requireg', { resolve: () => '' });
  // What installs and transpiles templates: ours is here and plain JavaScript.
  leaveOut(inGenerator, '@npmcli/arborist', function arborist() {});
  leaveOut(inGenerator, '@npmcli/config', function config() {});
  leaveOut(inGenerator, '@npmcli/config/lib/definitions', {});
  leaveOut(inGenerator, 'simple-git', () => ({}));
  const inSdk = createRequire(inGenerator.resolve('@asyncapi/generator-react-sdk'));
  leaveOut(inSdk, 'rollup', {});
  leaveOut(inSdk, '@rollup/plugin-babel', {});
  return require('@asyncapi/generator') as GeneratorClass;
};

const AsyncApiGenerator = loadGenerator();
const { Parser } = require('@asyncapi/parser') as ParserModule;
// The rulesets take nine tenths of the time, and the loader has checked the document.
const parser = new Parser({ ruleset: { core: false, recommended: false } });
flushCompileCache();

const render = async ({ document, messages, consumers, realtime }: RenderRequest): Promise<RenderAnswer> => {
  const parsed = await parser.parse(structuredClone(document));
  if (parsed.document === undefined) {
    const faults = parsed.diagnostics.filter(({ severity }) => severity === 0).map(({ message }) => message);
    throw new Error(`the AsyncAPI parser refuses a document that passed the checks: ${faults.join('; ')}`);
  }
  const generator = new AsyncApiGenerator(templateDirectory, templateDirectory, {
    templateParams: { messages, consumers, ...realtime },
    compile: false,
  });
  await generator.installAndSetupTemplate();
  generator.asyncapi = parsed.document;
  await generator.configureTemplateWorkflow({});
  // Paths in this folder would be redirected to transpiled copies.
  generator.templateContentDir = join(templateDirectory, '__transpiled');
  const file = async (name: string): Promise<string> =>
    (await generator.renderFile(parsed.document, join(templateDirectory, 'template', name))).content;
  return {
    messages: await file('messages.js'),
    consumers: await file('consumers.js'),
    ...(realtime && { realtime: { channels: await file('channels.js'), liveClient: await file('live-client.js') } }),
  };
};

parentPort?.on('message', ({ id, request }: { id: number; request: RenderRequest }) => {
  render(request).then(
    (answer) => parentPort?.postMessage({ id, answer }),
    (error: unknown) =>
      parentPort?.postMessage({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
