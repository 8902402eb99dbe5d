/**
 * The workspace model: everything emitters see. Built once from `parkwise.yaml` and the contracts, deeply frozen, collections
 * sorted by name (operations in the order of the contract), every part with the place in the source that it comes from.
 */

/** A JSON Schema of the dialect that its document declares. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/** Where something stands in a source document; lines and columns count from 1. `file` is relative to the workspace's root. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Workspace {
  readonly name: string;
  /** Absolute path of the folder that holds `parkwise.yaml`. */
  readonly root: string;
  readonly security: {
    readonly issuer?: string;
    readonly audience?: string;
    readonly jwks?: string;
    readonly tokenUrl?: string;
  };
  /** What compose.yaml and the Dockerfile are made from; absent: they are not. */
  readonly containers?: Containers;
  readonly services: readonly Service[];
}

/** What an image has to know of the npm packages of the workspace. */
export interface Containers {
  /** `package.json` of every npm workspace, relative to the root, sorted. */
  readonly manifests: readonly string[];
  /** Folder of `@parkwise/runtime` where it is a workspace itself, and has to be built; else it comes built from the registry. */
  readonly runtimeFolder?: string;
  /** Whether there is an `.npmrc`. */
  readonly npmrc: boolean;
}

export interface Service {
  /** Kebab-case key in `parkwise.yaml`. */
  readonly name: string;
  readonly names: Names;
  /** A service of another repository: only its contract is used. */
  readonly external: boolean;
  /** `services/<name>`, relative to the root. */
  readonly directory: string;
  readonly port?: number;
  /** Base URL of an external service. */
  readonly url?: string;
  readonly store: 'sql' | 'none';
  readonly demo: boolean;
  /** Its own settings that a container gets by file. */
  readonly secrets: readonly string[];
  readonly http?: HttpContract;
  readonly messaging?: MessagingContract;
  readonly calls: readonly Call[];
  readonly source: SourcePosition;
}

/** One thing's name in every spelling that generated code uses. */
export interface Names {
  /** `place-order` */
  readonly kebab: string;
  /** `placeOrder` */
  readonly camel: string;
  /** `PlaceOrder` */
  readonly pascal: string;
}

export interface HttpContract {
  /** Source file, relative to the root: stands in the header of generated files. */
  readonly file: string;
  /** Path of the first server URL, without a trailing slash: `/v1` or ''. */
  readonly basePath: string;
  /** The whole document in one piece: references to other files are moved under `components`, all `$ref`s are local. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly securitySchemes: readonly SecuritySchemeModel[];
  readonly operations: readonly HttpOperation[];
}

export type SecuritySchemeModel =
  | { readonly name: string; readonly kind: 'bearer'; readonly scopes: Readonly<Record<string, string>> }
  | {
      readonly name: string;
      readonly kind: 'apiKey';
      readonly in: 'header' | 'query' | 'cookie';
      readonly parameter: string;
    };

export interface HttpOperation {
  readonly id: string;
  readonly names: Names;
  readonly method: 'get' | 'put' | 'post' | 'delete' | 'patch' | 'head' | 'options' | 'trace';
  /** Template as in the contract, without the base path. */
  readonly path: string;
  /** JSON pointer of the operation in `document`: `/paths/~1orders/post`. */
  readonly pointer: string;
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated: boolean;
  readonly public: boolean;
  /** Alternatives; empty for an explicit `security: []`. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly access?: { readonly owner?: string; readonly roles?: readonly string[]; readonly foreign?: number };
  readonly parameters: readonly ParameterModel[];
  readonly body?: BodyModel;
  readonly responses: readonly ResponseModel[];
  readonly idempotencyKey?: 'required' | 'optional';
  readonly ifMatch?: 'required' | 'optional';
  readonly source: SourcePosition;
}

export interface ParameterModel {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly description?: string;
  readonly deprecated: boolean;
  readonly style: 'simple' | 'label' | 'matrix' | 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject';
  readonly explode: boolean;
  /** JSON pointer of its schema in `document`. */
  readonly schemaPointer: string;
  /** True when described by `content` instead of `schema`. */
  readonly json: boolean;
  readonly source: SourcePosition;
}

export interface BodyModel {
  readonly required: boolean;
  readonly description?: string;
  readonly content: readonly MediaTypeModel[];
  readonly source: SourcePosition;
}

export interface MediaTypeModel {
  readonly mediaType: string;
  /** JSON pointer of the schema in `document`; absent where the contract gives none (anything goes). */
  readonly schemaPointer?: string;
}

export interface ResponseModel {
  /** `201`, `4XX` or `default`. */
  readonly status: string;
  readonly description: string;
  /** JSON pointer of the (resolved) response object in `document`. */
  readonly pointer: string;
  readonly content: readonly MediaTypeModel[];
  readonly headers: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly description?: string;
    readonly schemaPointer?: string;
  }[];
  /** Constructors of `reply` for this answer; one per problem type where the schema enumerates them. */
  readonly replies: readonly ReplyModel[];
  readonly source: SourcePosition;
}

export interface ReplyModel {
  /** `created`, `outOfStock`. */
  readonly name: string;
  readonly mediaType?: string;
  readonly problem?: { readonly type: string; readonly title: string };
}

export interface MessagingContract {
  readonly file: string;
  /** The whole document in one piece, as for HTTP. */
  readonly document: Readonly<Record<string, unknown>>;
  /**
   * Schemas of all messages, self-contained: references are `#/components/schemas/<name>` within this record.
   * `dialect` says how to read them.
   */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly dialect: 'draft-07' | '2020-12';
  /** Channels that this service owns (it sends on them, or receives commands on them). */
  readonly channels: readonly ChannelModel[];
  /** Messages that this service sends. */
  readonly sends: readonly MessageModel[];
  readonly consumers: readonly ConsumerModel[];
  /** Channels on WebSocket servers: nothing of them is among the others. */
  readonly realtime: readonly RealtimeChannelModel[];
}

/** A channel that clients of this service connect to by WebSocket. */
export interface RealtimeChannelModel {
  readonly id: string;
  readonly names: Names;
  /** Name of the handler in every spelling: `watch-order-progress`. */
  readonly handler: Names;
  /** With the path of the server: `/v1/orders/{orderId}/progress`. */
  readonly path: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters: readonly RealtimeParameterModel[];
  readonly securitySchemes: readonly SecuritySchemeModel[];
  /** Alternatives; empty for an explicit `security: []`. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly access?: HttpOperation['access'];
  /** Messages to the client. */
  readonly sends: readonly MessageModel[];
  /** Messages from the client. */
  readonly receives: readonly MessageModel[];
  readonly live?: {
    /** Id of the message with the whole. */
    readonly snapshot: string;
    readonly notice?: string;
    /** Name of a query parameter. */
    readonly resume?: string;
    /** Type of the live version. */
    readonly versions: 'number' | 'text';
  };
  readonly source: SourcePosition;
}

/** A part of the address, or of query or headers of the upgrade. */
export interface RealtimeParameterModel {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  /** Name in `MessagingContract.schemas`. */
  readonly schema: string;
}

export interface ChannelModel {
  readonly id: string;
  readonly address: string;
  readonly description?: string;
  readonly partitions: number;
  /** Copies on different brokers. */
  readonly replicas?: number;
  /** -1: for ever. */
  readonly retentionMs?: number;
  /** Of each partition; -1: as much as there is. */
  readonly retentionBytes?: number;
  readonly compact: boolean;
  /** Of a compacted topic: records past the retention are deleted as well. */
  readonly compactAndDelete?: boolean;
  readonly deleteRetentionMs?: number;
  readonly maxMessageBytes?: number;
  readonly source: SourcePosition;
}

export interface MessageLocationModel {
  readonly in: 'payload' | 'header';
  /** RFC 6901 pointer; '' is the whole. */
  readonly pointer: string;
}

export interface MessageModel {
  /** Key in the channel: `OrderPlaced`. */
  readonly id: string;
  readonly names: Names;
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated: boolean;
  /** The `const` at the envelope's type, else the id. */
  readonly type: string;
  /** The `const` at the envelope's version, else 1. */
  readonly version: number | string;
  readonly channel: ChannelModel;
  readonly contentType: string;
  /** Name in `MessagingContract.schemas`. */
  readonly payloadSchema: string;
  readonly headersSchema?: string;
  readonly envelope: Readonly<
    Partial<
      Record<
        'id' | 'type' | 'version' | 'time' | 'source' | 'correlation' | 'causation' | 'key' | 'sequence' | 'data',
        MessageLocationModel
      >
    >
  >;
  /** Fields around the data that have one possible value, by JSON pointer: the runtime writes them. */
  readonly constants?: Readonly<Record<string, unknown>>;
  readonly source: SourcePosition;
}

export interface ConsumerModel {
  /** Key of the operation: `receivePaymentEvents`. */
  readonly id: string;
  readonly names: Names;
  readonly channel: ChannelModel;
  readonly order: 'key' | 'none';
  readonly retryMs: readonly number[];
  readonly messages: readonly ConsumedMessageModel[];
  readonly source: SourcePosition;
}

export interface ConsumedMessageModel {
  readonly message: MessageModel;
  /** Events are handled by `on-<message>.ts`, commands by `handle-<command>.ts`. */
  readonly kind: 'event' | 'command';
  /** Name of the handler in every spelling: `on-payment-processed`. */
  readonly handler: Names;
  /** JSON pointers into the data that the handler reads; absent: all. */
  readonly reads?: readonly string[];
  /** For an old version: the message of the next version that it is upcast to. */
  readonly upcastTo?: string;
}

/** An operation of another service that a service calls. */
export interface Call {
  readonly service: string;
  readonly operation: HttpOperation;
  /** Contract of the called service, to look schemas up in. */
  readonly contract: HttpContract;
  /** JSON pointers of the success body; absent: all. */
  readonly reads?: readonly string[];
  readonly timeoutMs: number;
  readonly retries: number;
  readonly source: SourcePosition;
}
