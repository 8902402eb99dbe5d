/** What a test of a service sees; the generated `testing.ts` fills in the types of its contract. */

/** The generated types of one service, for {@link TestService}. */
export interface TestShape {
  /** A method per operation id: see {@link OperationClient}. */
  readonly operations: object;
  /** A method per received message: `(data, about?) => Promise<void>`. */
  readonly deliver: object;
  /** Data of the sent messages, by the name that the contract gives them: `{ OrderPlaced: OrderPlaced }`. */
  readonly published: object;
  /** The interfaces of the called services, as in `clients.ts`. */
  readonly clients: object;
  /** A method per WebSocket channel; absent where the contract has none. */
  readonly channels?: object;
}

/** Who calls. `scopes` and `roles` are empty if left out. */
export interface TestUser {
  readonly sub: string;
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  /**
   * By which security schemes they show who they are, by the contract's names. If left out: by those of the operation's first
   * alternative that has a bearer token, else of its first.
   */
  readonly schemes?: readonly string[];
  /** Further claims of the token. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Parts of a request by place, keys as the contract writes them. A missing `Idempotency-Key` is filled in, nothing else. */
export interface OperationCall {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly cookies?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /** Where the contract accepts several: which one the body is; JSON if left out. */
  readonly contentType?: string;
}

/** An answer as it came over the wire. */
export interface TestAnswer<Status extends number = number, Body = unknown> {
  readonly status: Status;
  /** Parsed if it is JSON, else a text; undefined if there is none. */
  readonly body: Body;
  /** By header name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export type OperationClient<Call = OperationCall, Answer = TestAnswer> = (call: Call) => Promise<Answer>;

/** Where a delivered message comes from, if that matters to the test. */
export interface DeliveryDetails {
  /** A message with an id that was delivered before is a duplicate. */
  readonly id?: string;
  readonly key?: string;
  readonly sequence?: number;
  readonly time?: Date;
  readonly source?: string;
  readonly correlationId?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A message whose transaction has committed. */
export interface Publication<Data = unknown> {
  readonly name: string;
  readonly data: Data;
  readonly key?: string;
  readonly sequence?: number;
}

/** Answers of the called services: `{ stock: { getStock: async () => ({ status: 200, body: { pieces: 3 } }) } }`. */
export type Stubs<Clients> = { readonly [Service in keyof Clients]?: Partial<Clients[Service]> };

/** Time as the service sees it: it stands still until the test moves it. */
export interface TestClock {
  now(): Date;
  set(time: Date | string): void;
  /** Moves it on by an ISO 8601 duration (`PT15M`) or milliseconds. */
  advance(by: string | number): void;
}

export interface TestOptions {
  /** Where the clock starts; the machine's time if left out. */
  readonly now?: Date | string;
  /** The service's own settings, by environment name: `{ ORDERS_HOLD_MINUTES: '5' }`. */
  readonly env?: Readonly<Record<string, string>>;
  /** A file instead of memory; removed in the end. */
  readonly database?: 'memory' | 'file';
  /** Least severe level of the log that is printed (on stderr); nothing if left out. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error';
}

/** What came over a WebSocket, without its envelope. */
export interface HeardMessage {
  /** Name in the contract. */
  readonly message: string;
}

/** A WebSocket that was opened, or refused. */
export interface TestConnection<Heard extends HeardMessage = HeardMessage, Said = object> {
  /** 101 if it is open, else the status with which it was refused. */
  readonly status: number;
  /** The problem of a refusal. */
  readonly body: unknown;
  /** All that came, oldest first. */
  readonly heard: readonly Heard[];
  /** The next message that was not asked for yet, of this name if one is given; rejects when the connection is closed first. */
  next<Name extends Heard['message']>(message?: Name): Promise<Extract<Heard, { readonly message: Name }>>;
  /** Sends to the service. */
  readonly say: Said;
  /** Resolves once it is closed, whoever did it. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(): Promise<{ readonly code: number; readonly reason: string }>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The channels of a service, where it has any. */
export type TestChannels<Shape extends TestShape> = Shape extends { readonly channels: infer Channels }
  ? Channels
  : never;

/** A service that runs for one test: real HTTP, a database and an event log of its own. */
export interface TestService<Shape extends TestShape> {
  readonly url: string;
  /** Calls operations with what their contract asks of this user: a token, API keys in their places, or both. An answer that the contract does not declare is thrown. */
  as(user: TestUser): Shape['operations'];
  /** Calls operations without a token or key. */
  anonymous(): Shape['operations'];
  /** Connects to WebSocket channels as this user; without one, as nobody. */
  watch(user?: TestUser): TestChannels<Shape>;
  /** A token for this user, for requests of one's own. */
  token(user: TestUser): Promise<string>;
  /** Any request, hostile ones too; `path` starts with `/`. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Delivers messages through the event log; resolves when handled, rejects with the handler's error. */
  readonly deliver: Shape['deliver'];
  /** Data of the messages of this name whose transaction has committed, oldest first. */
  published<Name extends keyof Shape['published'] & string>(name: Name): readonly Shape['published'][Name][];
  readonly publishedMessages: readonly Publication[];
  readonly clock: TestClock;
  /** Runs one of the service's jobs now. */
  runJob(name: string): Promise<void>;
  /** Stops it and removes what it stored. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
