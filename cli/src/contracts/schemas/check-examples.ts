import type { ErrorObject } from 'ajv';
import type { FindingList } from '../../source/finding-list.ts';
import { childOf, parsePointer } from '../../source/json-pointer.ts';
import { isObject } from '../../source/structure-reader.ts';
import type { SourcePosition } from '../../model/workspace.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { unwrap } from '../asyncapi/schema-table.ts';
import { exampleCompiler } from './example-compiler.ts';
import { formatChecks } from './format-checks.ts';
import { quickVerdict } from './quick-verdict.ts';
import type { VerdictContext } from './quick-verdict.ts';
import type { Dialect } from './schema-spec.ts';

/** A value of a contract that has to fit a schema, and where it stands. */
export interface ExampleCase {
  readonly schema: unknown;
  readonly value: unknown;
  /** The value is the entry `key` of it. */
  readonly container: object;
  readonly key: string;
  /** `example`, `default`: what a message calls it. */
  readonly what: string;
  /** In requests nothing readOnly is required, in answers nothing writeOnly. */
  readonly side: 'request' | 'answer' | 'both';
}

/** Checks every example and default against its schema, formats included. */
export const checkExamples = async (
  cases: readonly ExampleCase[],
  { bundle, dialect, findings }: { bundle: Bundle; dialect: Dialect; findings: FindingList },
): Promise<void> => {
  if (cases.length === 0) return;
  const formats = await formatChecks();
  const context: VerdictContext = {
    resolve: (ref) => unwrap(bundle.target(ref)?.value),
    format: (name) => formats(name),
  };
  const doubtful = cases.filter(({ value, schema }) => quickVerdict(value, unwrap(schema), context) !== true);
  if (doubtful.length === 0) return;
  const compile = await exampleCompiler({ bundle, dialect, schemas: doubtful.map(({ schema }) => schema) });
  for (const example of doubtful) {
    const validate = compile(example.schema);
    if (!validate || validate(example.value)) continue;
    const fault = worstFault((validate.errors ?? []) as readonly ErrorObject[], example, bundle);
    if (!fault) continue;
    findings.error(
      example.what === 'default' ? 'invalid-default' : 'invalid-example',
      faultPosition(fault, example, bundle),
      {
        message: `The ${example.what} does not fit its schema: ${faultText(fault)}.`,
        hint: 'Mend the value or the schema.',
      },
    );
  }
};

/** The fault deepest in the value says most; those that the direction excuses do not count, nor what follows from them. */
const worstFault = (errors: readonly ErrorObject[], example: ExampleCase, bundle: Bundle): ErrorObject | undefined => {
  const counted = errors.filter((error) => !isExcused(error, example.side, bundle));
  const wasExcused = counted.length < errors.length;
  const remaining = wasExcused
    ? counted.filter(({ keyword }) => !['oneOf', 'anyOf', 'if', 'not', 'contains'].includes(keyword))
    : counted;
  const depth = ({ instancePath }: ErrorObject): number => instancePath.split('/').length;
  return remaining.toSorted((a, b) => depth(b) - depth(a))[0];
};

const isExcused = (error: ErrorObject, side: ExampleCase['side'], bundle: Bundle): boolean => {
  if (error.keyword !== 'required') return false;
  const schema: unknown = error.parentSchema;
  const missing: unknown = error.params['missingProperty'];
  const properties = isObject(schema) ? schema['properties'] : undefined;
  const property = bundle.follow(typeof missing === 'string' ? childOf(properties, missing) : undefined, '')?.value;
  if (side !== 'answer' && property?.['readOnly'] === true) return true;
  return side !== 'request' && property?.['writeOnly'] === true;
};

const faultText = ({ instancePath, keyword, message, params }: ErrorObject): string => {
  const place = instancePath === '' ? 'it' : `"${instancePath}"`;
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
    return `${place} must not have "${String(params['additionalProperty'] ?? params['unevaluatedProperty'])}"`;
  }
  if (keyword === 'enum')
    return `${place} must be one of ${(params['allowedValues'] as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
  if (keyword === 'const') return `${place} must be ${JSON.stringify(params['allowedValue'])}`;
  return `${place} ${message ?? `fails "${keyword}"`}`;
};

const faultPosition = (error: ErrorObject, { container, key }: ExampleCase, { places }: Bundle): SourcePosition => {
  const extra: unknown = error.params['additionalProperty'] ?? error.params['unevaluatedProperty'];
  let [holder, token]: [object, string] = [container, key];
  for (const step of parsePointer(error.instancePath) ?? []) {
    const inner = childOf(holder, token);
    if (typeof inner !== 'object' || inner === null) break;
    [holder, token] = [inner, step];
  }
  const inner = childOf(holder, token);
  if (typeof extra === 'string' && isObject(inner) && places.get(inner)) return places.at(inner, extra);
  return typeof inner === 'object' && inner !== null ? places.at(holder, token) : places.atValue(holder, token);
};
