/** The served OpenAPI document says what the runtime answers too: per operation only the statuses that it can make there. */
import { PROBLEM_MEDIA_TYPE } from './problem.ts';
import { problemType, runtimeProblems, type RuntimeProblemName } from './runtime-problems.ts';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const SCHEMA = 'ParkwiseRuntimeProblem';

/**
 * @param document a bundled OpenAPI 3.1 document; it is not changed
 * @param isLimited whether an operation has a rate limit, by its id
 */
export const withRuntimeAnswers = (
  document: unknown,
  isLimited: (operationId: string) => boolean = () => false,
): unknown => {
  const merged = structuredClone(document);
  if (!isObject(merged) || !isObject(merged['paths'])) return merged;
  const schemas = member(member(merged, 'components'), 'schemas');
  schemas[SCHEMA] = problemSchema;
  for (const item of Object.values(merged['paths'])) {
    const pathItem = resolve(merged, item);
    if (!isObject(pathItem)) continue;
    for (const method of methods) {
      const operation = pathItem[method];
      if (isObject(operation)) addAnswers(merged, { pathItem, operation, method, isLimited });
    }
  }
  return merged;
};

interface Place {
  readonly pathItem: Json;
  readonly operation: Json;
  readonly method: string;
  readonly isLimited: (operationId: string) => boolean;
}

const addAnswers = (document: Json, place: Place): void => {
  const responses = member(place.operation, 'responses');
  const byStatus = Map.groupBy(possible(document, place), (name) => String(runtimeProblems[name].status));
  for (const [status, names] of byStatus) {
    const description = names.map((name) => runtimeProblems[name].when).join(' Or: ');
    const content = {
      schema: {
        allOf: [{ $ref: `#/components/schemas/${SCHEMA}` }, { properties: { type: { enum: names.map(problemType) } } }],
      },
    };
    const declared = resolve(document, responses[status]);
    if (!isObject(declared)) responses[status] = { description, content: { [PROBLEM_MEDIA_TYPE]: content } };
    else responses[status] = widened(declared, content);
  }
};

/** The contract's own answer, or the runtime's. */
const widened = (declared: Json, { schema }: { schema: Json }): Json => {
  const content = isObject(declared['content']) ? declared['content'] : {};
  const own = isObject(content[PROBLEM_MEDIA_TYPE]) ? content[PROBLEM_MEDIA_TYPE] : undefined;
  const problem = own
    ? { ...own, schema: own['schema'] === undefined ? {} : { anyOf: [own['schema'], schema] } }
    : { schema };
  return { ...declared, content: { ...content, [PROBLEM_MEDIA_TYPE]: problem } };
};

const possible = (document: Json, { pathItem, operation, method, isLimited }: Place): RuntimeProblemName[] => {
  const parameters = [pathItem['parameters'], operation['parameters']]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .map((parameter) => resolve(document, parameter))
    .filter(isObject);
  const header = (name: string) =>
    parameters.find((parameter) => parameter['in'] === 'header' && String(parameter['name']).toLowerCase() === name);
  const security = operation['security'] ?? document['security'];
  const isSecured =
    Array.isArray(security) &&
    security.some((alternative) => isObject(alternative) && Object.keys(alternative).length > 0);
  const hasBody = operation['requestBody'] !== undefined;
  const names: RuntimeProblemName[] = ['invalid-request', 'internal-error', 'not-implemented', 'unavailable'];
  if (answersWithContent(document, operation)) names.push('not-acceptable');
  if (isLimited(String(operation['operationId']))) names.push('too-many-requests');
  if (isSecured)
    names.push('authentication-required', 'invalid-credentials', 'insufficient-scope', 'insufficient-role');
  if (hasBody) names.push('request-timeout', 'content-too-large', 'unsupported-media-type');
  else if (method === 'post' || method === 'put' || method === 'patch') names.push('unsupported-media-type');
  if (header('idempotency-key')) names.push('request-in-progress', 'idempotency-key-reused');
  if (header('if-match')) names.push('precondition-failed');
  if (header('if-match')?.['required'] === true) names.push('precondition-required');
  return names;
};

const answersWithContent = (document: Json, { responses }: Json): boolean =>
  Object.entries(isObject(responses) ? responses : {}).some(([status, response]) => {
    const resolved = /^2|^default$/i.test(status) ? resolve(document, response) : undefined;
    return isObject(resolved) && isObject(resolved['content']) && Object.keys(resolved['content']).length > 0;
  });

const member = (object: Json, name: string): Json => {
  const existing = object[name];
  if (isObject(existing)) return existing;
  const created: Json = {};
  object[name] = created;
  return created;
};

/** Follows local references. */
const resolve = (document: Json, value: unknown, depth = 0): unknown => {
  if (!isObject(value) || typeof value['$ref'] !== 'string' || !value['$ref'].startsWith('#/') || depth > 20)
    return value;
  let found: unknown = document;
  for (const token of value['$ref'].slice(2).split('/')) {
    const name = decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return resolve(document, found, depth + 1);
};

const problemSchema = {
  type: 'object',
  description: 'A problem that the runtime of the service answers by itself (RFC 9457).',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'Which problem it is; stable.' },
    title: { type: 'string', description: 'The problem in a few words.' },
    status: { type: 'integer', minimum: 400, maximum: 599, description: 'The status of the answer.' },
    detail: { type: 'string', description: 'What can be said beyond the title.' },
    errors: {
      type: 'array',
      maxItems: 5,
      description: 'The first fault in each place of the request.',
      items: {
        type: 'object',
        required: ['in', 'pointer', 'keyword', 'message'],
        properties: {
          in: { enum: ['path', 'query', 'header', 'cookie', 'body'], description: 'The place.' },
          pointer: { type: 'string', format: 'json-pointer', description: 'Where in the place (RFC 6901).' },
          keyword: { type: 'string', description: 'Which rule does not hold.' },
          message: { type: 'string', description: 'What is wrong, for people.' },
        },
      },
    },
  },
};
