import type { ConfigurationSchema } from './schema.ts';

/** Of WebSocket channels: `PARKWISE_LIVE_…`. */
export const liveSettings = {
  liveOrigins: {
    type: 'string',
    description:
      "Origins of web pages that may open live connections, separated by commas: https://app.example.com. The service's own origin may always, in development those of this machine too.",
    default: '',
  },
  liveConnections: { type: 'integer', description: 'Open live connections at most.', minimum: 0, default: 10_000 },
  liveConnectionsPerCaller: {
    type: 'integer',
    description: 'Of these, how many may be of one caller: by subject, or by address where nobody has signed in.',
    minimum: 1,
    default: 20,
  },
  liveHeartbeat: {
    type: 'duration',
    description: 'How often live connections are pinged; whoever has not answered the last one is cut off.',
    default: 'PT30S',
  },
  liveBuffer: {
    type: 'integer',
    description: 'Bytes that may wait for one live client before it is closed with 1013.',
    minimum: 1024,
    default: 1_048_576,
  },
  liveMessages: {
    type: 'integer',
    description: 'Messages that one live client may send within the window, before it is closed with 1008.',
    minimum: 1,
    default: 50,
  },
  liveMessagesWindow: { type: 'duration', description: 'The window of that limit.', default: 'PT10S' },
  liveRetention: {
    type: 'duration',
    description:
      'For how long a live client that comes back is told one by one what it missed; later it is sent the whole.',
    default: 'PT15M',
  },
  liveCheck: {
    type: 'duration',
    description: 'How often it is looked whether a live update was lost between the instances.',
    default: 'PT2S',
  },
} as const satisfies ConfigurationSchema;
