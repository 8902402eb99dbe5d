import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../observability/metrics.ts';

export interface LiveMetrics {
  opened(channel: string): void;
  closed(channel: string, code: number): void;
  refused(status: number): void;
  sent(channel: string): void;
  received(channel: string, message: string): void;
  /** A client was brought up to date by the whole, or by what it missed. */
  resynced(channel: string, how: 'snapshot' | 'log'): void;
}

export const liveMetrics = ({ registry }: Metrics): LiveMetrics => {
  const registers = [registry];
  const open = new Gauge({
    name: 'live_connections',
    help: 'Open WebSockets by channel.',
    labelNames: ['channel'] as const,
    registers,
  });
  const closed = new Counter({
    name: 'live_closed_total',
    help: 'WebSockets that were closed, by channel and close code.',
    labelNames: ['channel', 'code'] as const,
    registers,
  });
  const refused = new Counter({
    name: 'live_refused_total',
    help: 'Upgrades that were refused, by status.',
    labelNames: ['status'] as const,
    registers,
  });
  const sent = new Counter({
    name: 'live_messages_sent_total',
    help: 'Messages as they were made; each goes to all who watch the same.',
    labelNames: ['channel'] as const,
    registers,
  });
  const received = new Counter({
    name: 'live_messages_received_total',
    help: 'Messages from clients.',
    labelNames: ['channel', 'message'] as const,
    registers,
  });
  const resynced = new Counter({
    name: 'live_resyncs_total',
    help: 'Clients that were brought up to date: by a snapshot, or by what they had missed.',
    labelNames: ['channel', 'how'] as const,
    registers,
  });
  return {
    opened: (channel) => open.inc({ channel }),
    closed(channel, code) {
      open.dec({ channel });
      closed.inc({ channel, code: String(code) });
    },
    refused: (status) => refused.inc({ status: String(status) }),
    sent: (channel) => sent.inc({ channel }),
    received: (channel, message) => received.inc({ channel, message }),
    resynced: (channel, how) => resynced.inc({ channel, how }),
  };
};
