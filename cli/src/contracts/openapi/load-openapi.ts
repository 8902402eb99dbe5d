import type { FindingList } from '../../source/finding-list.ts';
import { isObject } from '../../source/structure-reader.ts';
import type { SourceFiles } from '../../source/source-files.ts';
import type { HttpContract } from '../../model/workspace.ts';
import { Bundler } from '../bundle/bundler.ts';
import { Bundle } from '../bundle/bundle.ts';
import { schemaSpec } from '../schemas/schema-spec.ts';
import { checkExamples } from '../schemas/check-examples.ts';
import { checkSchemas } from '../schemas/check-schemas.ts';
import { checkOpenApi } from './check-openapi.ts';
import { exampleCases } from './example-cases.ts';
import { openApiDocument, openApiSections } from './openapi-grammar.ts';
import { readOpenApi } from './read-openapi.ts';

/** Reads, bundles and checks an OpenAPI document. Undefined when nothing of it could be read. */
export const loadOpenApi = async (
  path: string,
  { files, findings }: { files: SourceFiles; findings: FindingList },
): Promise<{ readonly contract: HttpContract; readonly bundle: Bundle } | undefined> => {
  const source = files.load(path);
  if (!source || source.value === undefined) return undefined;
  const grammar = {
    document: openApiDocument,
    sections: openApiSections,
    schema: schemaSpec('2020-12', 'openapi'),
    refStandsAlone: false,
    roots: [],
    isHome: (tokens: readonly string[], section: string) =>
      tokens.length === 3 && tokens[0] === 'components' && tokens[1] === section,
  };
  const bundler = new Bundler({ files, findings, grammar, root: source });
  const root = bundler.bundle();
  if (!root) return undefined;
  // Path items are written out where they are used; tools would count their operations twice.
  if (isObject(root['components'])) Reflect.deleteProperty(root['components'], 'pathItems');
  const bundle = new Bundle({ root, places: files.places, file: path });
  const contract = readOpenApi(bundle);
  checkOpenApi(bundle, findings);
  const areSound = checkSchemas(bundler.schemas, { bundle, findings });
  if (areSound) await checkExamples(exampleCases(bundle, bundler.schemas), { bundle, dialect: '2020-12', findings });
  return { contract, bundle };
};
