/** How the text of a parameter or form field becomes a value: by the grammar of JSON, so that validation sees what a body would give it. */
import type { ValueShape } from '../contract.ts';
import { parseJson } from '../body/parse-json.ts';
import { nullObject } from '../null-object.ts';
import { escapePointer, ReadFault } from '../request-fault.ts';

/** What the styles yield: decoded texts, in the structure that their delimiters gave. */
export type TextTree = string | readonly TextTree[] | { readonly [name: string]: TextTree };

/** RFC 8259 section 6. So `01`, `+1`, `0x1F`, ` 1` and the empty text are no numbers, while `1.0` and `1e3` are integers. */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

type Scalar = Extract<ValueShape, { kind: 'scalar' }>;

/** A text that fits none of the types stays text: the validator then says what is wrong with it. */
const coerceScalar = (shape: Scalar, text: string): unknown => {
  for (const type of shape.types) {
    switch (type) {
      case 'number':
      case 'integer': {
        if (!jsonNumber.test(text)) break;
        const value = Number(text);
        if (Number.isFinite(value)) return value;
        break;
      }
      case 'boolean':
        if (text === 'true') return true;
        if (text === 'false') return false;
        break;
      case 'null':
        if (text === 'null' && !shape.types.includes('string')) return null;
        break;
    }
  }
  return text;
};

/** The value of `tree` under `shape`; where their structures differ the texts are handed on for the validator to reject. */
export const coerceValue = (shape: ValueShape | undefined, tree: TextTree, pointer: string): unknown => {
  if (typeof tree === 'string') {
    if (shape?.kind === 'scalar') return coerceScalar(shape, tree);
    if (shape?.kind === 'json') return parseParameterJson(tree, pointer);
    return tree;
  }
  if (Array.isArray(tree)) {
    const items = shape?.kind === 'array' ? shape.items : undefined;
    return tree.map((item: TextTree, index) => coerceValue(items, item, `${pointer}/${index}`));
  }
  const value = nullObject();
  for (const [name, member] of Object.entries(tree)) {
    value[name] = coerceValue(memberShape(shape, name), member, `${pointer}/${escapePointer(name)}`);
  }
  return value;
};

export const memberShape = (shape: ValueShape | undefined, name: string): ValueShape | undefined => {
  if (shape?.kind !== 'object') return undefined;
  return Object.hasOwn(shape.properties, name) ? shape.properties[name] : shape.additional;
};

const parseParameterJson = (text: string, pointer: string): unknown => {
  const parsed = parseJson(text);
  if ('fault' in parsed) throw new ReadFault(pointer, parsed.fault.keyword, parsed.fault.message);
  return parsed.value;
};
