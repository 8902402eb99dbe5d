import type { Names } from './workspace.ts';

/** Words of a name in whatever spelling: `createHTTPOrder`, `create-http-order`, `create_http_order`. */
export const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

export const kebabCase = (name: string): string => wordsOf(name).join('-').toLowerCase();
export const pascalCase = (name: string): string => startWithLetter(wordsOf(name).map(capital).join(''), 'N');
export const camelCase = (name: string): string => {
  const [first = '', ...rest] = wordsOf(name);
  return startWithLetter(first.toLowerCase() + rest.map(capital).join(''), 'n');
};

const startWithLetter = (name: string, letter: string): string => (/^\d/.test(name) ? letter + name : name);

/** Words that cannot name a constant of a module. */
const reservedValues = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return static super switch
  this throw true try typeof undefined var void while with yield async globalThis NaN Infinity Object`.split(/\s+/),
);

/** Types that generated code uses itself, so that nothing of a contract may take their names. */
const reservedTypes = new Set(
  `Array Auth Boolean Clients Clock Configuration Date Error Extract Exclude Function Given Job Map Message MessageContext Needs
  NeedsOf NonNullable NotImplemented Number Object Omit Parameters Partial Pick Promise ProblemDetails Publish PublishMessage Readonly
  ReadonlyArray Received Record Reply Request RequestContext Required Response ReturnType RouteDefinition ServiceDefinition Set
  Sql String Symbol Tx Unavailable Validator Awaited Uint8Array Buffer`.split(/\s+/),
);

/** All spellings; a spelling that would be a reserved word or hide a type gets the kind added. */
export const namesOf = (
  name: string,
  kind: 'operation' | 'message' | 'service' | 'handler' | 'consumer' | 'channel',
): Names => {
  const camel = camelCase(name);
  const pascal = pascalCase(name);
  return {
    kebab: kebabCase(name),
    camel: reservedValues.has(camel) ? camel + capital(kind) : camel,
    pascal: reservedTypes.has(pascal) ? pascal + capital(kind) : pascal,
  };
};

/** Option of a reply constructor for a header: `ETag` → `etag`, `Retry-After` → `retryAfter`. */
export const headerOption = (header: string): string => {
  const [first = '', ...rest] = header
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return startWithLetter(first + rest.map(capital).join(''), 'n');
};
