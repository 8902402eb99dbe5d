import type { ValidationFault, Validator } from './contract.ts';

export type Place = 'path' | 'query' | 'header' | 'cookie' | 'body';

/** One member of `errors` in a 400 problem: the first fault in one place of the request. */
export interface RequestFault {
  readonly in: Place;
  /** RFC 6901, into the object of the place's parameters or into the body. */
  readonly pointer: string;
  /** The JSON Schema keyword that failed, or what the runtime itself found (`encoding`, `repeated`, `syntax`, `depth`). */
  readonly keyword: string;
  /** Never contains what was sent. */
  readonly message: string;
}

/** Thrown while a value is read from its text; the place is added by whoever reads the place. */
export class ReadFault extends Error {
  readonly pointer: string;
  readonly keyword: string;

  constructor(pointer: string, keyword: string, message: string) {
    super(message);
    this.pointer = pointer;
    this.keyword = keyword;
  }
}

export const escapePointer = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');

export const readFault = (place: Place, error: unknown): RequestFault => {
  if (!(error instanceof ReadFault)) throw error;
  return { in: place, pointer: error.pointer, keyword: error.keyword, message: error.message };
};

/** Keywords whose fault ajv reports at the parent: which parameter names the property that is missing or too much. */
const propertyOf: Readonly<Record<string, string>> = {
  required: 'missingProperty',
  dependentRequired: 'missingProperty',
  dependencies: 'missingProperty',
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
  propertyNames: 'propertyName',
};

/** The first fault of the validator's last call. */
export const validationFault = (place: Place, validate: Validator): RequestFault => {
  const fault: ValidationFault | undefined = validate.errors?.[0];
  if (!fault) return { in: place, pointer: '', keyword: 'schema', message: 'does not fit the schema' };
  const property = fault.params[propertyOf[fault.keyword] ?? ''] ?? fault.propertyName;
  const pointer =
    typeof property === 'string' ? `${fault.instancePath}/${escapePointer(property)}` : fault.instancePath;
  return { in: place, pointer, keyword: fault.keyword, message: faultMessage(fault) };
};

const faultMessage = (fault: ValidationFault): string => {
  if (fault.keyword === 'required') return 'is required';
  if (fault.keyword === 'additionalProperties' || fault.keyword === 'unevaluatedProperties') return 'is not known here';
  return fault.message ?? 'does not fit the schema';
};
