/** The query string of a request as the object that its validator and the handler see. */
import type { ParameterDefinition, ValueShape } from '../contract.ts';
import { nullObject } from '../null-object.ts';
import { escapePointer, ReadFault } from '../request-fault.ts';
import { coerceValue, memberShape, type TextTree } from './coerce-value.ts';
import { assignment, decodeForm, setOnce, splitValue } from './split-style.ts';

export type ReadQuery = (query: string) => Record<string, unknown>;

type Plan =
  | {
      /** `member`: a property of an exploded object, whose name stands in the query while the parameter's does not. */
      readonly kind: 'whole' | 'items' | 'deep' | 'member';
      readonly parameter: ParameterDefinition;
      readonly pointer: string;
    }
  | { readonly kind: 'ignored' };

/**
 * @param ignored names that are no parameters and yet allowed, such as an API key's
 * @throws ReadFault on an unknown name, a repeated scalar, or text that is not UTF-8
 */
export const compileQuery = (parameters: readonly ParameterDefinition[], ignored: readonly string[]): ReadQuery => {
  const plans = new Map<string, Plan>();
  /** An object with additional properties takes the names that nobody else knows. */
  let other: Plan | undefined;
  for (const name of ignored) plans.set(name, { kind: 'ignored' });
  for (const parameter of parameters) {
    const { shape } = parameter;
    const pointer = `/${escapePointer(parameter.name)}`;
    if (parameter.style === 'deepObject') plans.set(parameter.name, { kind: 'deep', parameter, pointer });
    else if (shape.kind === 'object' && parameter.explode && parameter.style === 'form') {
      for (const name of Object.keys(shape.properties)) plans.set(name, { kind: 'member', parameter, pointer });
      if (shape.additional) other ??= { kind: 'member', parameter, pointer };
    } else {
      plans.set(parameter.name, {
        kind: shape.kind === 'array' && parameter.explode ? 'items' : 'whole',
        parameter,
        pointer,
      });
    }
  }

  return (query) => {
    const value = nullObject();
    if (query === '') return value;
    const trees = new Map<ParameterDefinition, TextTree>();
    for (const pair of query.split('&')) {
      if (pair === '') continue;
      const [rawName, text] = assignment(pair);
      const name = decodeForm(rawName, '');
      const plan = plans.get(name) ?? deepPlan(plans, name) ?? other;
      if (!plan) throw unknownParameter(name);
      if (plan.kind !== 'ignored') take(plan, { name, text }, trees);
    }
    for (const [parameter, tree] of trees) {
      value[parameter.name] = coerceValue(parameter.shape, tree, `/${escapePointer(parameter.name)}`);
    }
    return value;
  };
};

const unknownParameter = (name: string): ReadFault =>
  new ReadFault(`/${escapePointer(name.slice(0, 100))}`, 'additionalProperties', 'is not known here');

const deepPlan = (plans: ReadonlyMap<string, Plan>, name: string): Plan | undefined => {
  const at = name.indexOf('[');
  const plan = at > 0 ? plans.get(name.slice(0, at)) : undefined;
  return plan?.kind === 'deep' ? plan : undefined;
};

interface Pair {
  readonly name: string;
  readonly text: string;
}

const take = (
  plan: Exclude<Plan, { kind: 'ignored' }>,
  { name, text }: Pair,
  trees: Map<ParameterDefinition, TextTree>,
): void => {
  const { parameter, pointer } = plan;
  if (plan.kind === 'whole') {
    if (trees.has(parameter)) throw new ReadFault(pointer, 'repeated', 'must not be repeated');
    trees.set(parameter, splitValue(parameter, text, decodeForm, pointer));
  } else if (plan.kind === 'items') {
    const items = trees.get(parameter) as TextTree[] | undefined;
    const item = decodeForm(text, pointer);
    if (items) items.push(item);
    else trees.set(parameter, [item]);
  } else {
    const object = (trees.get(parameter) ?? nullObject()) as Record<string, TextTree>;
    trees.set(parameter, object);
    const path = plan.kind === 'member' ? [name] : deepPath(parameter, name);
    place(object, path, decodeForm(text, `${pointer}/${path.map(escapePointer).join('/')}`), {
      shape: parameter.shape,
      pointer,
    });
  }
};

/** `filter[price][max]` → `price`, `max`. */
const deepPath = (parameter: ParameterDefinition, name: string): string[] => {
  const rest = name.slice(parameter.name.length);
  if (!/^(?:\[[^[\]]*\])+$/.test(rest)) throw unknownParameter(name);
  return rest.slice(1, -1).split('][');
};

/** Repeated texts become an array only where the contract has one. */
const place = (
  object: Record<string, TextTree>,
  path: readonly string[],
  text: string,
  at: { readonly shape: ValueShape | undefined; readonly pointer: string },
): void => {
  const [name = '', ...deeper] = path;
  const shape = memberShape(at.shape, name);
  const pointer = `${at.pointer}/${escapePointer(name)}`;
  if (deeper.length > 0) {
    const existing = Object.hasOwn(object, name)
      ? object[name]
      : (object[name] = nullObject() as Record<string, TextTree>);
    if (typeof existing === 'string' || Array.isArray(existing))
      throw new ReadFault(pointer, 'repeated', 'must not be repeated');
    place(existing as Record<string, TextTree>, deeper, text, { shape, pointer });
  } else if (shape?.kind === 'array') {
    const items = Object.hasOwn(object, name) ? object[name] : (object[name] = []);
    if (!Array.isArray(items)) throw new ReadFault(pointer, 'repeated', 'must not be repeated');
    (items as TextTree[]).push(text);
  } else {
    setOnce(object, name, text, at.pointer);
  }
};
