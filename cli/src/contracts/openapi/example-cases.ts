import type { Bundle, Fields, Part } from '../bundle/bundle.ts';
import type { ExampleCase } from '../schemas/check-examples.ts';
import { operationPlaces } from './read-operations.ts';

type Side = ExampleCase['side'];

/** Examples and defaults of a document, with the schemas they have to fit. */
export const exampleCases = (bundle: Bundle, schemas: readonly Fields[]): readonly ExampleCase[] => {
  const cases: ExampleCase[] = [];
  const seen = new Set<object>();
  const media = (part: Part, side: Side): void => {
    if (seen.has(part.value) || !Object.hasOwn(part.value, 'schema')) return;
    seen.add(part.value);
    cases.push(...casesOf(bundle, part, side));
  };
  const parameter = (part: Part, side: Side): void => {
    media(part, side);
    for (const [, content] of bundle.entries(part, 'content')) media(content, side);
  };
  for (const { part, parameters } of operationPlaces(bundle)) {
    for (const each of parameters) parameter(each, 'request');
    const body = bundle.object(part, 'requestBody');
    if (body) for (const [, content] of bundle.entries(body, 'content')) media(content, 'request');
    for (const [, response] of bundle.entries(part, 'responses')) {
      for (const [, content] of bundle.entries(response, 'content')) media(content, 'answer');
      for (const [, header] of bundle.entries(response, 'headers')) parameter(header, 'answer');
    }
  }
  return [...cases, ...schemas.flatMap(schemaCases)];
};

const casesOf = (bundle: Bundle, part: Part, side: Side): readonly ExampleCase[] => {
  const { schema } = part.value;
  const own = Object.hasOwn(part.value, 'example')
    ? [{ schema, value: part.value['example'], container: part.value, key: 'example', what: 'example', side }]
    : [];
  const listed = bundle
    .entries(part, 'examples')
    .filter(([, example]) => Object.hasOwn(example.value, 'value'))
    .map(([name, { value }]) => ({
      schema,
      value: value['value'],
      container: value,
      key: 'value',
      what: `example "${name}"`,
      side,
    }));
  return [...own, ...listed];
};

/** Examples and the default that a schema carries itself. */
export const schemaCases = (schema: Fields): readonly ExampleCase[] => {
  const { examples } = schema;
  const listed = Array.isArray(examples)
    ? examples.map((value: unknown, index) => ({
        schema,
        value,
        container: examples,
        key: String(index),
        what: 'example',
        side: 'both' as const,
      }))
    : [];
  const single = ['example', 'default']
    .filter((key) => Object.hasOwn(schema, key))
    .map((key) => ({ schema, value: schema[key], container: schema, key, what: key, side: 'both' as const }));
  return [...listed, ...single];
};
