import { databaseSettings } from './database-settings.ts';
import { liveSettings } from './live-settings.ts';
import type { ConfigurationOf, ConfigurationSchema } from './schema.ts';

/**
 * What the runtime itself can be told, as `PARKWISE_<SETTING>`. A default of '' means: none. Which of them a service needs
 * follows from its contracts and the mode (`load-configuration.ts`). Besides these, `PARKWISE_URL_<SERVICE>` says where a called
 * service answers (scheme, host and port, without the contract's base path).
 */
export const runtimeSettings = {
  mode: {
    type: 'string',
    description: 'development accepts tokens of the development issuer; production refuses it, and weak secrets.',
    pattern: '^(development|production)$',
    default: 'production',
  },
  host: { type: 'string', description: 'Address to listen on.', default: '127.0.0.1' },
  port: {
    type: 'integer',
    description: 'Port to listen on; 0 takes a free one.',
    minimum: 0,
    maximum: 65_535,
    default: 8080,
  },
  reusePort: {
    type: 'boolean',
    description: 'Several processes listen on the port, and the system spreads connections over them (SO_REUSEPORT).',
    default: false,
  },
  databaseUrl: {
    type: 'string',
    description: 'Where the service keeps its data: sqlite:/path/of/a/file or sqlite::memory:.',
    pattern: '^[a-z]+:.+',
    secret: 'url',
    default: '',
  },
  eventsUrl: {
    type: 'string',
    description:
      'Where messages are sent and received: sqlite:/path/of/the/log, or kafka://[user:password@]host:9092[,host:9092][?tls=true&tlsCa=/ca.pem&sasl=scram-sha-512].',
    pattern: '^[a-z]+:.+',
    secret: 'url',
    default: '',
  },
  redisUrl: {
    type: 'string',
    description:
      'Carries live updates between the instances of a service: redis://[:password@]host:6379[/0] or rediss://…?tlsCa=/ca.pem. Without it they stay in the process, or with the file of the database.',
    pattern: '^rediss?://.+',
    secret: 'url',
    default: '',
  },
  trustedNetwork: {
    type: 'boolean',
    description: 'Production uses servers that ask for no password: only where nobody else can reach them.',
    default: false,
  },
  eventsTimeout: {
    type: 'duration',
    description: 'How long to wait for an answer of the broker before the request is tried again.',
    default: 'PT10S',
  },
  messageLimit: {
    type: 'integer',
    description: 'Largest message that can be published, in bytes, key and headers included; a topic may allow less.',
    minimum: 1,
    default: 1_000_000,
  },
  retryDelays: {
    type: 'string',
    description:
      "Delays before each further attempt at a message, instead of the contract's: durations separated by commas, such as PT1S,PT1M.",
    pattern: '^PT?[0-9][0-9DHMS.]*(,PT?[0-9][0-9DHMS.]*)*$',
    default: '',
  },
  pollInterval: {
    type: 'duration',
    description: 'How often to look for messages whose time to be tried again has come, without having been woken.',
    default: 'PT1S',
  },
  backoffLimit: {
    type: 'duration',
    description: 'Longest pause before a broker that was away is tried again.',
    default: 'PT5S',
  },
  lease: {
    type: 'duration',
    description:
      'How long a process that has gone silent keeps the partitions that it reads. Brokers refuse less than 6 s if they are not told otherwise.',
    default: 'PT10S',
  },
  namespace: {
    type: 'string',
    description: 'Stands before topics, consumer groups and databases, so that several platforms share a broker.',
    pattern: '^[a-z][a-z0-9-]{0,30}$',
    default: '',
  },
  issuer: { type: 'string', description: 'Issuer of access tokens (the claim iss).', default: '' },
  audience: { type: 'string', description: 'Audience that tokens must name (the claim aud).', default: '' },
  jwksUrl: { type: 'string', description: "URL of the issuer's public keys.", pattern: '^https?://', default: '' },
  developmentIssuer: { type: 'string', description: 'A second issuer, accepted in development alone.', default: '' },
  developmentJwksUrl: { type: 'string', description: 'URL of its public keys.', pattern: '^https?://', default: '' },
  apiKeys: {
    type: 'string',
    description:
      'API keys that are accepted: a JSON array of {name, sha256, scheme?, scopes?, roles?}; sha256 is that of the key, in hexadecimal.',
    secret: true,
    default: '',
  },
  developmentApiKeySecret: {
    type: 'string',
    description: 'Signs API keys for development (parkwise token --api-key); accepted in development alone.',
    secret: true,
    default: '',
  },
  tokenUrl: {
    type: 'string',
    description: 'Where the service gets its own tokens (OAuth 2.0 client credentials), to call others.',
    pattern: '^https?://',
    default: '',
  },
  clientId: {
    type: 'string',
    description: 'Name of the service at the token endpoint; its own name if not set.',
    default: '',
  },
  clientSecret: { type: 'string', description: 'Its secret there.', secret: true, default: '' },
  logLevel: {
    type: 'string',
    description: 'Least severe level that is logged.',
    pattern: '^(silent|fatal|error|warn|info|debug|trace)$',
    default: 'info',
  },
  otlpUrl: {
    type: 'string',
    description:
      'Where traces are sent (OpenTelemetry, OTLP over HTTP in JSON), such as http://127.0.0.1:4318; none are made without it. What OpenTelemetry itself names holds too: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_SDK_DISABLED.',
    pattern: '^https?://.+',
    default: '',
  },
  otlpHeaders: {
    type: 'string',
    description: 'Headers for it, such as a key: name=value,name=value.',
    secret: true,
    default: '',
  },
  otlpSampling: {
    type: 'integer',
    description: 'Of 100 traces that begin here, how many are recorded.',
    minimum: 0,
    maximum: 100,
    default: 100,
  },
  demo: { type: 'boolean', description: "Fill an empty database with the service's demo data.", default: false },
  shutdownGrace: {
    type: 'duration',
    description:
      'How long a stop may take. Requests are waited for during a third of it; after five sixths the process ends with 1.',
    default: 'PT60S',
  },
  shutdownLinger: {
    type: 'duration',
    description: 'How long a stop leaves idle connections open: a request that is on its way is answered.',
    default: 'PT2S',
    developmentDefault: 'PT0S',
  },
  requestTimeout: {
    type: 'duration',
    description: 'How long a request may take before its signal is aborted.',
    default: 'PT30S',
  },
  rateLimitRequests: {
    type: 'integer',
    description:
      'Requests that one caller may send within the window: by subject, or by address where nobody has signed in. 0: as many as they like.',
    minimum: 0,
    default: 6000,
    developmentDefault: 0,
  },
  rateLimitWindow: { type: 'duration', description: 'The window of the rate limit.', default: 'PT1M' },
  circuitFailures: {
    type: 'integer',
    description: 'Failures in a row after which a called service is left alone for a while.',
    minimum: 1,
    default: 5,
  },
  circuitRecovery: {
    type: 'duration',
    description: 'For how long a called service that has failed is left alone before one call is tried.',
    default: 'PT10S',
  },
  headTimeout: {
    type: 'duration',
    description: 'How long the head of a request may take to arrive.',
    default: 'PT10S',
  },
  bodyTimeout: {
    type: 'duration',
    description: 'How long the body of a request may take to arrive.',
    default: 'PT10S',
  },
  bodyLimit: { type: 'integer', description: 'Largest request body, in bytes.', minimum: 1, default: 1_048_576 },
  relayLease: {
    type: 'duration',
    description:
      'How long a relay that hangs can keep its part of the outbox from the others. Longer than a batch takes to be sent.',
    default: 'PT15S',
  },
  relayPoll: {
    type: 'duration',
    description: 'How often the outbox is looked at without having been told of something new.',
    default: 'PT1S',
  },
  ...databaseSettings,
  ...liveSettings,
} as const satisfies ConfigurationSchema;

export type RuntimeSettings = ConfigurationOf<typeof runtimeSettings>;
