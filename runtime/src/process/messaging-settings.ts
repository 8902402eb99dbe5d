/** The runtime's settings, as relay and consumers take them. */
import { ConfigurationError } from '../configuration/configuration-error.ts';
import { parseDuration } from '../configuration/parse-duration.ts';
import type { RuntimeSettings } from '../configuration/runtime-settings.ts';
import type { ConsumerOptions } from '../messaging/consumer-options.ts';
import type { RelayOptions } from '../messaging/relay.ts';

/** First pause after a failure; they double up to the limit. */
const BACKOFF_MS = 100;

export const relaySettings = (settings: RuntimeSettings): Pick<RelayOptions, 'pollMs' | 'leaseMs' | 'backoff'> => ({
  pollMs: settings.relayPoll,
  leaseMs: settings.relayLease,
  backoff: { baseMs: Math.min(BACKOFF_MS, settings.backoffLimit), maxMs: settings.backoffLimit },
});

/** @throws ConfigurationError when the delays cannot be read */
export const consumerSettings = (settings: RuntimeSettings): Pick<ConsumerOptions, 'parkedPollMs' | 'retryMs'> => ({
  parkedPollMs: settings.pollInterval,
  ...(settings.retryDelays === '' ? {} : { retryMs: settings.retryDelays.split(',').map(delayOf) }),
});

const delayOf = (text: string): number => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  const expected = 'durations separated by commas, such as PT1S,PT1M';
  throw new ConfigurationError([{ name: 'PARKWISE_RETRY_DELAYS', problem: 'invalid', expected }]);
};
