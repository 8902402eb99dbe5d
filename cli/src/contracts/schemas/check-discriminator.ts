import type { FindingList } from '../../source/finding-list.ts';
import { isObject } from '../../source/structure-reader.ts';
import type { Bundle, Fields, Part } from '../bundle/bundle.ts';
import { withParts } from './pointer-in-schema.ts';

/** A discriminator chooses one of the alternatives beside it by the value of a property that each of them requires. */
export const checkDiscriminator = (schema: Fields, bundle: Bundle, findings: FindingList): void => {
  const discriminator = schema['discriminator'];
  if (!isObject(discriminator)) return;
  const property = discriminator['propertyName'];
  const keyword = ['oneOf', 'anyOf'].find((name) => Array.isArray(schema[name]));
  if (!keyword) {
    findings.error('construct-not-carried', bundle.places.at(schema, 'discriminator'), {
      message: 'A discriminator without oneOf or anyOf beside it is not carried into code.',
      hint: 'List the alternatives in "oneOf" beside the discriminator, or remove it.',
    });
    return;
  }
  const listed = schema[keyword] as readonly unknown[];
  const refs = listed.map((branch) => (isObject(branch) ? branch['$ref'] : undefined));
  const mapping = isObject(discriminator['mapping']) ? discriminator['mapping'] : {};
  for (const [tag, ref] of Object.entries(mapping)) {
    if (refs.includes(ref)) continue;
    findings.error('discriminator-mismatch', bundle.places.atValue(mapping, tag), {
      message: `The discriminator maps "${tag}" to a schema that is not among the alternatives.`,
      hint: `List it under "${keyword}", or remove the entry.`,
    });
  }
  if (typeof property !== 'string') return;
  listed.forEach((branch, index) => {
    const ref = refs[index];
    const part = bundle.follow(branch, '');
    const position = bundle.places.at(listed, index);
    if (typeof ref !== 'string') {
      if (part && literals(bundle, part, property)) return;
      findings.error('discriminator-mismatch', position, {
        message: `Nothing says which "${property}" chooses this alternative.`,
        hint: `Refer to a schema by "$ref", or give "${property}" a const here.`,
      });
      return;
    }
    if (part) checkBranch({ bundle, findings, part, property, tags: tagsOf(mapping, ref), position });
  });
};

interface Branch {
  readonly bundle: Bundle;
  readonly findings: FindingList;
  readonly part: Part;
  readonly property: string;
  readonly tags: readonly string[];
  readonly position: ReturnType<Bundle['places']['at']>;
}

const checkBranch = ({ bundle, findings, part, property, tags, position }: Branch): void => {
  const parts = withParts(bundle, part, new Set());
  const isThere = parts.some(
    ({ value }) => isObject(value['properties']) && Object.hasOwn(value['properties'], property),
  );
  const isRequired = parts.some(
    ({ value }) => Array.isArray(value['required']) && value['required'].includes(property),
  );
  if (!isThere || !isRequired) {
    findings.error('discriminator-mismatch', position, {
      message: `This alternative does not ${isThere ? 'require' : 'have'} "${property}", by which the discriminator chooses.`,
      hint: `Give every alternative the property "${property}" and require it.`,
    });
    return;
  }
  const pinned = literals(bundle, part, property);
  if (!pinned || tags.some((tag) => pinned.includes(tag))) return;
  findings.error('discriminator-mismatch', position, {
    message: `The discriminator chooses this alternative for ${tags.map((tag) => `"${tag}"`).join(' or ')}, and its "${property}" is ${pinned.join(' or ')}.`,
    hint: 'Let the mapping name the value that the schema has.',
  });
};

/** The tags of the mapping, else the name of the schema. */
const tagsOf = (mapping: Fields, ref: string): readonly string[] => {
  const mapped = Object.entries(mapping).flatMap(([tag, target]) => (target === ref ? [tag] : []));
  return mapped.length > 0 ? mapped : [decodeURIComponent(ref.split('/').at(-1) ?? '')];
};

/** The values that a property is pinned to; undefined when it is not. */
const literals = (bundle: Bundle, part: Part, property: string): readonly unknown[] | undefined => {
  for (const schema of withParts(bundle, part, new Set())) {
    const found = bundle.entries(schema, 'properties').find(([name]) => name === property)?.[1].value;
    if (found && Object.hasOwn(found, 'const')) return [found['const']];
    if (found && Array.isArray(found['enum'])) return found['enum'];
  }
  return undefined;
};
