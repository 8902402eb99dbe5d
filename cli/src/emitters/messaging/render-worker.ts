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
/** The part of @asyncapi/parser that gives templates a document to look at. */
interface DocumentModels {
  createAsyncAPIDocument(detailed: unknown): unknown;
}
interface DocumentDetails {
  createDetailedAsyncAPI(parsed: object, input: object): unknown;
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

const inGenerator = createRequire(require.resolve('@asyncapi/generator'));
const inParser = createRequire(require.resolve('@asyncapi/parser'));

const loadGenerator = (): GeneratorClass => {
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
  // What reads and checks documents: the loader has done both, with places; a document is made of what it read.
  leaveOut(inGenerator, '@asyncapi/parser', {});
  leaveOut(inGenerator, '@asyncapi/multi-parser', { ConvertDocumentParserAPIVersion: (document: unknown) => document });
  leaveOut(inParser, '@stoplight/spectral-core', {});
  return require('@asyncapi/generator') as GeneratorClass;
};

const AsyncApiGenerator = loadGenerator();
const { createAsyncAPIDocument } = require('@asyncapi/parser/cjs/document') as DocumentModels;
const { createDetailedAsyncAPI } = require('@asyncapi/parser/cjs/utils') as DocumentDetails;
flushCompileCache();

const render = async ({ document, messages, consumers, realtime }: RenderRequest): Promise<RenderAnswer> => {
  const parsed = createAsyncAPIDocument(createDetailedAsyncAPI(document, document));
  const generator = new AsyncApiGenerator(templateDirectory, templateDirectory, {
    templateParams: { messages, consumers, ...realtime },
    compile: false,
  });
  await generator.installAndSetupTemplate();
  generator.asyncapi = parsed;
  await generator.configureTemplateWorkflow({});
  // Paths in this folder would be redirected to transpiled copies.
  generator.templateContentDir = join(templateDirectory, '__transpiled');
  const file = async (name: string): Promise<string> =>
    (await generator.renderFile(parsed, join(templateDirectory, 'template', name))).content;
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
