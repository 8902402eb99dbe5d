import type { Bundle, Fields } from '../bundle/bundle.ts';
import type { ExampleCase } from '../schemas/check-examples.ts';
import { schemaCases } from '../openapi/example-cases.ts';
import { applyTraits } from './apply-traits.ts';
import { unwrap } from './schema-table.ts';

/** Examples of messages and defaults of their schemas. */
export const messageExampleCases = (bundle: Bundle, schemas: readonly Fields[]): readonly ExampleCase[] => {
  const seen = new Set<object>();
  const cases: ExampleCase[] = [];
  for (const [, channel] of bundle.entries(bundle.document, 'channels')) {
    for (const [, own] of bundle.entries(channel, 'messages')) {
      if (seen.has(own.value)) continue;
      seen.add(own.value);
      const message = applyTraits(bundle, own);
      for (const { value } of bundle.items(message, 'examples')) {
        for (const key of ['payload', 'headers'] as const) {
          if (!Object.hasOwn(value, key) || !Object.hasOwn(message.value, key)) continue;
          cases.push({
            schema: unwrap(message.value[key]),
            value: value[key],
            container: value,
            key,
            what: `${key} of the example`,
            side: 'both',
          });
        }
      }
    }
  }
  return [...cases, ...schemas.flatMap(schemaCases)];
};
