import { isObject } from '../../source/structure-reader.ts';
import { textAt } from '../bundle/bundle.ts';
import type { Bundle, Fields, Part } from '../bundle/bundle.ts';

interface ProblemType {
  readonly type: string;
  readonly title: string;
}

/** The problem types (RFC 9457) that the schema of an answer enumerates, each with its title. */
export const problemTypes = (bundle: Bundle, media: Part, description: string): readonly ProblemType[] => {
  const schema = bundle.object(media, 'schema');
  if (!schema) return [];
  const examples = exampleValues(bundle, media);
  const found = new Map<string, ProblemType>();
  for (const branch of branchesOf(bundle, schema)) {
    const types = literalsOf(branch, 'type');
    const titles = literalsOf(branch, 'title');
    types.forEach((type, index) => {
      const fromExample = examples.find((example) => example['type'] === type);
      const title =
        (titles.length === types.length ? titles[index] : titles[0]) ??
        (fromExample && textAt(fromExample, 'title')) ??
        (types.length === 1 ? annotatedTitle(branch) : undefined) ??
        firstSentence(description);
      if (!found.has(type)) found.set(type, { type, title });
    });
  }
  return [...found.values()];
};

/** Whether problems of the schema have a type that it leaves open, as RFC 9457's own schema does. */
export const hasOpenType = (bundle: Bundle, media: Part): boolean => {
  const schema = bundle.object(media, 'schema');
  return (
    schema !== undefined &&
    branchesOf(bundle, schema).every((branch) => branch.some(({ value }) => hasText(value, 'type')))
  );
};

const hasText = (schema: Fields, property: string): boolean => {
  const properties = schema['properties'];
  return isObject(properties) && isObject(properties[property]) && properties[property]['type'] === 'string';
};

/** Each alternative of a schema as the list of all the schemas that apply to it together. */
const branchesOf = (
  bundle: Bundle,
  schema: Part,
  seen: ReadonlySet<unknown> = new Set(),
): readonly (readonly Part[])[] => {
  if (seen.has(schema.value)) return [[]];
  const deeper = new Set([...seen, schema.value]);
  let branches: readonly (readonly Part[])[] = [[schema]];
  const combine = (others: readonly (readonly Part[])[]): void => {
    branches = branches.flatMap((branch) => others.map((other) => [...branch, ...other])).slice(0, 100);
  };
  for (const part of bundle.items(schema, 'allOf')) combine(branchesOf(bundle, part, deeper));
  for (const keyword of ['oneOf', 'anyOf']) {
    const alternatives = bundle.items(schema, keyword);
    if (alternatives.length > 0) combine(alternatives.flatMap((part) => branchesOf(bundle, part, deeper)));
  }
  return branches.map((branch) => branch.map((part) => withProperties(bundle, part)));
};

/** The properties with their references followed, so that a shared schema may pin the type. */
const withProperties = (bundle: Bundle, part: Part): Part => {
  const properties = bundle.object(part, 'properties');
  if (!properties) return part;
  const followed = Object.fromEntries(
    bundle.entries(part, 'properties').map(([name, property]) => [name, property.value]),
  );
  return { ...part, value: { ...part.value, properties: followed } };
};

/** The values that all schemas of the branch together leave to a property: the narrowest list wins. */
const literalsOf = (branch: readonly Part[], property: string): readonly string[] => {
  let narrowest: readonly string[] = [];
  for (const { value } of branch) {
    const schema = isObject(value['properties']) ? value['properties'][property] : undefined;
    if (!isObject(schema)) continue;
    const listed = Object.hasOwn(schema, 'const') ? [schema['const']] : schema['enum'];
    if (!Array.isArray(listed)) continue;
    const texts = listed.filter((entry) => typeof entry === 'string');
    if (narrowest.length === 0 || texts.length < narrowest.length) narrowest = texts;
  }
  return narrowest;
};

const annotatedTitle = (branch: readonly Part[]): string | undefined => {
  for (const { value } of branch.toReversed()) {
    const title = isObject(value['properties']) ? value['properties']['title'] : undefined;
    if (!isObject(title)) continue;
    const [example] = Array.isArray(title['examples']) ? (title['examples'] as unknown[]) : [];
    if (typeof example === 'string') return example;
    if (typeof title['default'] === 'string') return title['default'];
  }
  return undefined;
};

const exampleValues = (bundle: Bundle, media: Part): readonly Fields[] =>
  [media.value['example'], ...bundle.entries(media, 'examples').map(([, example]) => example.value['value'])].filter(
    isObject,
  );

const firstSentence = (text: string): string => (text.split(/(?<=[.!?])\s|\n/)[0] ?? text).trim().replace(/\.$/, '');
