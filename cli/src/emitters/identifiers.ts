const identifierName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Words that cannot name a constant or a function in a module. */
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public ' +
    'return static super switch this throw true try typeof undefined var void while with yield NaN Infinity'
  ).split(' '),
);

/** Names of types that printed types and the language use; a declaration of that name would change their meaning. */
const builtIn = new Set(
  'any bigint boolean never null number object string symbol undefined unknown void Promise Readonly Record Required Omit Pick Partial Extract Exclude ReturnType Uint8Array Date Error Array Map Set Object Function String Number Boolean Symbol'.split(
    ' ',
  ),
);

/** Whether it may stand after a dot or before a colon without quotes. */
export const isIdentifierName = (name: string): boolean => identifierName.test(name);

/** The name if it can name a constant, else with `suffix` after it: `delete` → `deleteOperation`. */
export const valueName = (name: string, suffix: string): string =>
  reserved.has(name) || !isIdentifierName(name) ? `${startOf(name)}${suffix}` : name;

/** The same for types. */
export const typeName = (name: string, suffix: string): string =>
  builtIn.has(name) || reserved.has(name) || !isIdentifierName(name) ? `${startOf(name)}${suffix}` : name;

const startOf = (name: string): string => {
  const cleaned = name.replace(/[^\p{ID_Continue}$]+/gu, '_');
  return isIdentifierName(cleaned) ? cleaned : `_${cleaned}`;
};

/** `my-schema.v2` → `MySchemaV2`; what is an identifier already stays as it is. */
export const pascalName = (name: string): string => {
  if (isIdentifierName(name)) return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const words = name.split(/[^\p{ID_Continue}$]+/u).filter((word) => word !== '');
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return isIdentifierName(pascal) ? pascal : `_${pascal}`;
};
