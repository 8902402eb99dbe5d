import { FindingList } from '../../source/finding-list.ts';
import type { Bundle, Fields } from '../bundle/bundle.ts';
import { checkDiscriminator } from './check-discriminator.ts';
import { checkSchema } from './check-schema.ts';

/** Checks all schemas of a document; says whether values can be checked against them. */
export const checkSchemas = (
  schemas: readonly Fields[],
  { bundle, findings }: { bundle: Bundle; findings: FindingList },
): boolean => {
  const own = new FindingList();
  for (const schema of schemas) {
    checkSchema(schema, { places: bundle.places, findings: own });
    checkDiscriminator(schema, bundle, own);
  }
  const found = own.sorted();
  for (const finding of found) findings.add(finding);
  return !found.some(({ rule }) => rule === 'invalid-pattern' || rule === 'slow-pattern');
};
