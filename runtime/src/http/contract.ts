/**
 * What a contract says of one HTTP operation, in the form that the generated `routes.ts` states it
 * and the HTTP runtime executes it. Plain data and validators: nothing here knows Koa.
 */

/** A compiled ajv validator: true when the value fits; `errors` holds the faults of the last call. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidationFault[] | null;
}

/** One fault as ajv reports it. `instancePath` is an RFC 6901 JSON pointer into the value. */
export interface ValidationFault {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** Of a fault of a property's name: that name. */
  readonly propertyName?: string;
}

export type HttpMethod = 'get' | 'put' | 'post' | 'delete' | 'patch' | 'head' | 'options' | 'trace';

/** How the text of a parameter becomes a value before it is validated. */
export type ValueShape =
  | { readonly kind: 'scalar'; readonly types: readonly ('string' | 'number' | 'integer' | 'boolean' | 'null')[] }
  | { readonly kind: 'array'; readonly items: ValueShape }
  | {
      readonly kind: 'object';
      readonly properties: Readonly<Record<string, ValueShape>>;
      readonly additional?: ValueShape;
    }
  /** A parameter described by `content` (the text is JSON), not by `schema`. */
  | { readonly kind: 'json' };

export interface ParameterDefinition {
  /** As the contract writes it; header names match whatever the case. */
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly style: 'simple' | 'label' | 'matrix' | 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject';
  readonly explode: boolean;
  readonly shape: ValueShape;
}

/** Scopes by security scheme: all schemes of one alternative must hold. `{}` lets everybody in. */
export type SecurityAlternative = Readonly<Record<string, readonly string[]>>;

export type SecurityScheme =
  | { readonly kind: 'bearer' }
  | { readonly kind: 'apiKey'; readonly in: 'header' | 'query' | 'cookie'; readonly name: string };

export interface BodyDefinition {
  readonly required: boolean;
  /** By media type as the contract writes it (ranges such as `text/*` included). */
  readonly content: Readonly<Record<string, BodyContent>>;
}

export interface BodyContent {
  readonly validate: Validator;
  /** For `application/x-www-form-urlencoded`: how each field becomes a value. */
  readonly shape?: ValueShape;
}

export interface ResponseDefinition {
  /** By header name in lower case. */
  readonly headers: Readonly<
    Record<string, { readonly required: boolean; readonly validate?: Validator; readonly shape: ValueShape }>
  >;
  /** By media type; empty when the answer has no body. */
  readonly content: Readonly<Record<string, { readonly validate: Validator }>>;
}

/** One constructor of `reply`: what it fills in by itself. */
export interface ReplyDefinition {
  readonly status: number;
  /** Media type of the body; absent when the answer has none. */
  readonly contentType?: string;
  /** Header option (camelCase) → header name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** RFC 9457: set when the constructor makes a problem of this type. */
  readonly problem?: { readonly type: string; readonly title: string };
}

export interface RouteDefinition {
  readonly operationId: string;
  readonly method: HttpMethod;
  /** The template with the server's base path: `/v1/orders/{orderId}`. */
  readonly path: string;
  /** Alternatives, any of which suffices. Empty: the contract says `security: []`. */
  readonly security: readonly SecurityAlternative[];
  /** From `x-parkwise-access`: the token must carry one of these roles. */
  readonly roles?: readonly string[];
  readonly parameters: readonly ParameterDefinition[];
  /** One validator per place, over the object of all its parameters (keys as the contract writes them). */
  readonly validate: {
    readonly path?: Validator;
    readonly query?: Validator;
    readonly headers?: Validator;
    readonly cookies?: Validator;
  };
  readonly body?: BodyDefinition;
  /** By status (`201`), range (`4XX`) or `default`. */
  readonly responses: Readonly<Record<string, ResponseDefinition>>;
  /** By constructor name: `created`, `outOfStock`. */
  readonly replies: Readonly<Record<string, ReplyDefinition>>;
  /** Whether the contract declares an `Idempotency-Key` header parameter. */
  readonly idempotencyKey?: 'required' | 'optional';
  /** Whether the contract declares an `If-Match` header parameter. */
  readonly ifMatch?: 'required' | 'optional';
}
