/**
 * What this tool accepts, the specification's own parser accepts too. Generating does not run it: it takes longer than everything
 * else, and knows no places in files.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromFile, Parser } from '@asyncapi/parser';
import t from 'tap';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const golden = join(repository, 'cli/test/golden');
const workspaces = [
  repository,
  ...readdirSync(golden, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(golden, name, 'input')),
];
/** Advice and style; whether a document is AsyncAPI is a matter of errors. */
const isError = ({ severity }: { readonly severity: number }): boolean => severity === 0;

const documentsOf = (workspace: string): string[] => {
  const folder = join(workspace, 'contracts/asyncapi');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map(({ name }) => join(folder, name))
    .filter((file) => readFileSync(file, 'utf8').startsWith('asyncapi:'));
};

const parser = new Parser();
const faultsOf = async (file: string): Promise<string[]> => {
  const { diagnostics } = await fromFile(parser, file).parse();
  return diagnostics.filter(isError).map(({ path, message }) => `${path.join('/')}: ${message}`);
};

for (const file of workspaces.flatMap(documentsOf)) {
  t.test(file.slice(repository.length), async (t) => t.strictSame(await faultsOf(file), []));
}

t.test('a document that is wrong is refused', async (t) => {
  const { diagnostics } = await parser.parse('asyncapi: 3.0.0\ninfo: { title: 5 }\n');
  t.ok(diagnostics.some(isError));
});
