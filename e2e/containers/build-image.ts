/** Does what a build does with the Dockerfile, in folders instead of images: the same copies, the same commands, nothing else at hand. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, matchesGlob } from 'node:path';
import { promisify } from 'node:util';
import { DockerfileParser, type Copy, type Entrypoint, type From } from 'dockerfile-ast';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '../..');

export interface BuiltImage {
  /** Everything that was written; to be removed in the end. */
  readonly folder: string;
  /** Its root file system, as far as the Dockerfile made it. */
  readonly root: string;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly healthcheck: readonly string[];
  readonly user: string;
}

interface Stage {
  readonly root: string;
  directory: string;
  environment: Record<string, string>;
}

/** @param path of the environment in which commands run: Node and npm are all that the base image brings */
export const buildImage = async (dockerfile: string, path: string): Promise<BuiltImage> => {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  const context = join(folder, 'context');
  copyContext(context);
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  const found = { entrypoint: [] as string[], healthcheck: [] as string[], user: '' };
  for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
    const text = instruction.getArgumentsContent() ?? '';
    if (instruction.getKeyword() === 'FROM') {
      const name = (instruction as From).getBuildStage() ?? 'last';
      stage = { root: join(folder, name), directory: '/', environment: {} };
      stages.set(name, stage);
      continue;
    }
    // ARG before the first FROM.
    if (!stage) continue;
    switch (instruction.getKeyword()) {
      case 'WORKDIR':
        stage.directory = text;
        mkdirSync(join(stage.root, text), { recursive: true });
        break;
      case 'ENV':
        for (const pair of text.split(' ')) stage.environment[pair.split('=')[0] ?? ''] = pair.split('=')[1] ?? '';
        break;
      case 'COPY': {
        const words = instruction.getArguments().map((argument) => String(argument.getValue()));
        const from = (instruction as Copy).getFromFlag()?.getValue();
        copy(stage, from === undefined ? context : (stages.get(String(from))?.root ?? ''), words);
        break;
      }
      case 'RUN':
        await run('sh', ['-c', text], {
          cwd: join(stage.root, stage.directory),
          env: { ...stage.environment, PATH: path, HOME: folder, npm_config_prefer_offline: 'true', ...registry() },
          maxBuffer: 64 * 1024 * 1024,
        });
        break;
      case 'ENTRYPOINT':
        found.entrypoint = (instruction as Entrypoint)
          .getJSONStrings()
          .map((word) => JSON.parse(word.getValue()) as string);
        break;
      case 'HEALTHCHECK':
        found.healthcheck = JSON.parse(text.slice(text.indexOf('['))) as string[];
        break;
      case 'USER':
        found.user = text;
        break;
    }
  }
  const last = stages.get('last');
  if (!last) throw new Error('the Dockerfile has no last stage');
  return { folder, root: last.root, workingDirectory: last.directory, environment: last.environment, ...found };
};

/** Where packages come from is the machine's business, not the image's. */
const registry = (): Record<string, string> =>
  Object.fromEntries(
    ['registry', 'cache'].map((name) => [
      `npm_config_${name}`,
      execFileSync('npm', ['config', 'get', name], { cwd: repository, encoding: 'utf8' }).trim(),
    ]),
  );

/** What git knows of, less what .dockerignore names. */
const copyContext = (context: string): void => {
  const ignored = readFileSync(join(repository, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const isIgnored = (path: string): boolean =>
    ignored.some((pattern) => matchesGlob(path, pattern) || matchesGlob(path, `${pattern}/**`));
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: repository, encoding: 'utf8' });
  for (const path of files.split('\n').filter((line) => line !== '' && !isIgnored(line))) {
    mkdirSync(join(context, dirname(path)), { recursive: true });
    cpSync(join(repository, path), join(context, path));
  }
};

/** The content of folders goes into the target, files go under their names. */
const copy = (stage: Stage, source: string, words: readonly string[]): void => {
  const target = join(stage.root, stage.directory, words.at(-1) ?? '.');
  for (const word of words.slice(0, -1)) {
    const from = join(source, word);
    const isFolder = statSync(from).isDirectory();
    cpSync(from, isFolder || !(words.at(-1) ?? '').endsWith('/') ? target : join(target, basename(from)), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
};
