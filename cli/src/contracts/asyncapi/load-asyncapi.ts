import { FindingList } from '../../source/finding-list.ts';
import type { SourceFiles } from '../../source/source-files.ts';
import type { MessagingContract } from '../../model/workspace.ts';
import { Bundler } from '../bundle/bundler.ts';
import { Bundle } from '../bundle/bundle.ts';
import type { Fields } from '../bundle/bundle.ts';
import { checkExamples } from '../schemas/check-examples.ts';
import { checkSchemas } from '../schemas/check-schemas.ts';
import { schemaSpec } from '../schemas/schema-spec.ts';
import type { Dialect } from '../schemas/schema-spec.ts';
import { asyncApiDocument, asyncApiSections, isAsyncApiHome } from './asyncapi-grammar.ts';
import { dialectOfFormat } from './schema-formats.ts';
import { checkAsyncApi } from './check-asyncapi.ts';
import { messageExampleCases } from './example-cases.ts';
import { readAsyncApi } from './read-asyncapi.ts';

/** Reads, bundles and checks an AsyncAPI document. Undefined when nothing of it could be read. */
export const loadAsyncApi = async (
  path: string,
  { files, findings }: { files: SourceFiles; findings: FindingList },
): Promise<{ readonly contract: MessagingContract; readonly bundle: Bundle } | undefined> => {
  const source = files.load(path);
  if (!source || source.value === undefined) return undefined;
  const bundleAs = (dialect: Dialect): { root: Fields | undefined; schemas: readonly Fields[]; found: FindingList } => {
    const found = new FindingList();
    const grammar = {
      document: asyncApiDocument,
      sections: asyncApiSections,
      schema: schemaSpec(dialect, 'asyncapi'),
      refStandsAlone: dialect === 'draft-07',
      roots: ['channels', 'servers'],
      isHome: isAsyncApiHome,
    };
    const bundler = new Bundler({ files, findings: found, grammar, root: source });
    return { root: bundler.bundle(), schemas: bundler.schemas, found };
  };
  let dialect: Dialect = 'draft-07';
  let { root, schemas, found } = bundleAs(dialect);
  // Only with everything brought in can it be said whether one of the schemas is of the later dialect: then all are read as such.
  if (root && declares2020(root)) {
    dialect = '2020-12';
    ({ root, schemas, found } = bundleAs(dialect));
  }
  for (const finding of found.sorted()) findings.add(finding);
  if (!root) return undefined;
  const bundle = new Bundle({ root, places: files.places, file: path });
  checkAsyncApi(bundle, findings);
  const areSound = checkSchemas(schemas, { bundle, findings });
  if (areSound) await checkExamples(messageExampleCases(bundle, schemas), { bundle, dialect, findings });
  return { contract: readAsyncApi(bundle, dialect), bundle };
};

const declares2020 = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (
    'schemaFormat' in value &&
    typeof value.schemaFormat === 'string' &&
    dialectOfFormat(value.schemaFormat) === '2020-12'
  )
    return true;
  return Object.values(value).some(declares2020);
};
