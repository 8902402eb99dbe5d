/**
 * What a place in a document may hold, as data: one description drives the structural check, the resolving of references and the
 * reports on constructs that are not carried into code.
 */
export type Kind =
  | { readonly is: 'any' }
  | { readonly is: 'string'; readonly matches?: RegExp; readonly says?: string; readonly oneOf?: readonly string[] }
  | { readonly is: 'boolean' }
  | { readonly is: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly is: 'number' }
  | { readonly is: 'list'; readonly of: Kind; readonly min?: number; readonly unique?: boolean }
  | {
      readonly is: 'map';
      readonly of: Kind;
      readonly keys?: RegExp;
      readonly keySays?: string;
      readonly allowsProto?: boolean;
    }
  | { readonly is: 'object'; readonly spec: () => ObjectSpec }
  /** A JSON Schema: read by the hook of the reader. */
  | { readonly is: 'schema' }
  | { readonly is: 'choice'; readonly says: string; readonly of: (value: unknown) => Kind | undefined }
  /** Legal, but no code comes of it. `error` where code without it would be wrong. */
  | {
      readonly is: 'notCarried';
      readonly of: Kind;
      readonly severity: 'error' | 'warning';
      /** It does not become part of the result, so that nobody stumbles over what was not read. */
      readonly dropped?: boolean;
      readonly construct: string;
      readonly hint: string;
    };

export interface ObjectSpec {
  /** What a message calls it: `operation`. */
  readonly name: string;
  /** Where components of this kind live; only these may be references. */
  readonly section?: string;
  /** References to it are replaced by what they refer to. */
  readonly inline?: boolean;
  readonly required?: readonly string[];
  readonly fields: Readonly<Record<string, Kind>>;
  /** Fields by pattern, such as `/orders` in paths or `4XX` in responses. */
  readonly patterns?: readonly { readonly matches: RegExp; readonly kind: Kind }[];
  /** Whether `x-…` fields may stand in it. */
  readonly extensible?: boolean;
  /** Our own extensions that may stand in it. */
  readonly extensions?: Readonly<Record<string, Kind>>;
  /** For fields that people expect here although they do not exist: what to write instead. */
  readonly instead?: Readonly<Record<string, string>>;
  readonly insteadRule?: string;
}

export const any: Kind = { is: 'any' };
export const string: Kind = { is: 'string' };
export const boolean: Kind = { is: 'boolean' };
export const schema: Kind = { is: 'schema' };
export const integer = (limits: { min?: number; max?: number } = {}): Kind => ({ is: 'integer', ...limits });
export const text = (matches: RegExp, says: string): Kind => ({ is: 'string', matches, says });
export const oneOf = (...values: readonly string[]): Kind => ({ is: 'string', oneOf: values });
export const list = (of: Kind, limits: { min?: number; unique?: boolean } = {}): Kind => ({
  is: 'list',
  of,
  ...limits,
});
export const map = (of: Kind, keys?: RegExp, keySays?: string): Kind => ({
  is: 'map',
  of,
  ...(keys ? { keys } : {}),
  ...(keySays === undefined ? {} : { keySays }),
});
export const object = (spec: () => ObjectSpec): Kind => ({ is: 'object', spec });
export const notCarried = (of: Kind, severity: 'error' | 'warning', construct: string, hint: string): Kind => ({
  is: 'notCarried',
  of,
  severity,
  construct,
  hint,
});

export const uri = text(/^[^\s<>"{}|\\^`]*$/, 'a URI');
export const duration = text(
  /^P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/,
  'an ISO 8601 duration such as PT2S or PT1M30S',
);
export const pointer = text(/^(\/([^~/]|~[01])*)*$/, 'a JSON pointer such as /price/amount');

/** Milliseconds of a text that fits `duration`. */
export const milliseconds = (text: string): number => {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  const [days, hours, minutes, seconds] = (parts ?? []).slice(1).map((part) => Number(part ?? 0));
  return Math.round((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000);
};

/** Legal and left out: for whole constructs whose insides, references included, are not read. */
export const leftOut = (construct: string, hint: string): Kind => ({
  is: 'notCarried',
  of: any,
  severity: 'warning',
  dropped: true,
  construct,
  hint,
});
