/** Everything that a service with WebSocket channels has besides; loaded by those alone. */
import type { RuntimeSettings } from '../configuration/runtime-settings.ts';
import type { HttpApplication } from '../http/index.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Database } from '../persistence/database.ts';
import type { Clock, Ids, Job, Log } from '../process/service-definition.ts';
import type { ApiKeys, TokenVerifier } from '../security/verified-token.ts';
import type { Admitted, WatchHandler } from './admission.ts';
import { openChangeLog } from './change-log.ts';
import type { Connection } from './connection.ts';
import type { ChannelTables } from './contract.ts';
import { Hub } from './hub.ts';
import { liveChannel, type LiveChannel } from './live-channel.ts';
import { liveMetrics } from './live-metrics.ts';
import { createLiveServer, type LiveServer } from './live-server.ts';
import { Member } from './member.ts';
import { openFanOut } from './open-fan-out.ts';
import { receiveFrom } from './receive.ts';
import { Seats } from './seats.ts';
import { createLive, feedOf, type LivePublishers } from './tell.ts';
import type { LiveConnection, Subscription } from './watch.ts';
import type { Watching } from './watch-result.ts';
import { readVersions } from './wire.ts';

export interface OpenLiveOptions {
  readonly service: string;
  readonly tables: ChannelTables;
  readonly database: Database;
  readonly settings: RuntimeSettings;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface ServeLiveOptions {
  readonly http: HttpApplication;
  readonly handlers: Readonly<Record<string, WatchHandler>>;
  readonly tokens?: TokenVerifier | undefined;
  readonly apiKeys?: ApiKeys | undefined;
}

export interface Live {
  /** What the composition root is given to tell changes. */
  readonly publishers: LivePublishers;
  readonly job: Job;
  /** Before the application listens. */
  serve(options: ServeLiveOptions): void;
  /** Says goodbye to all clients. */
  disconnect(drainMs: number): Promise<void>;
  close(): Promise<void>;
}

const HOUSEKEEPING_MS = 60_000;
const MOST_ROOMS = 64;

export const openLive = async (options: OpenLiveOptions): Promise<Live> => {
  const { service, tables, database, settings, clock, ids, log } = options;
  const metrics = liveMetrics(options.metrics);
  const changes = await openChangeLog(database, clock);
  const { redisUrl, databaseUrl, namespace } = settings;
  const fanOut = await openFanOut({ redisUrl, databaseUrl, namespace, service, log });
  const channelOptions = { service, ids, now: () => clock.now(), sent: metrics.sent };
  const channels = new Map(tables.channels.map((channel) => [channel.name, liveChannel(channel, channelOptions)]));
  const ofChannel = (name: string): LiveChannel => channels.get(name) as LiveChannel;
  let server: LiveServer | undefined;

  const hub = new Hub({
    log,
    changes,
    fanOut,
    checkMs: settings.liveCheck,
    onState(state) {
      const frames = new Map([...channels.values()].map((one) => [one.channel.name, one.noticeFrame(state)]));
      for (const connection of server?.connections ?? []) {
        const frame = frames.get(connection.channel.name);
        if (frame) connection.write(frame);
      }
    },
  });

  const watch = async (connection: Connection, watching: Watching, resume: unknown): Promise<void> => {
    const { channel } = connection;
    const { rooms = [], snapshot } = watching;
    if (channel.live === undefined || snapshot === undefined) return;
    const feeds = [rooms].flat().map((room) => feedOf(channel, room));
    if (feeds.length === 0 || feeds.length > MOST_ROOMS || (feeds.length > 1 && channel.live.versions === 'number'))
      throw new Error(`${channel.handler} watches ${feeds.length} rooms, which ${channel.name} cannot do`);
    const live = ofChannel(channel.name);
    const { view, release } = await hub.hold(feeds.join('\n'), feeds, live.changeFrame);
    const member = new Member({
      connection,
      subscription: { ...watching, rooms, snapshot } as Subscription,
      view,
      log: changes,
      snapshotFrame: live.snapshotFrame,
      changeFrame: live.changeFrame,
      failed: (error) => fail(connection, error),
      resynced: (how) => metrics.resynced(channel.name, how),
    });
    const leave = (): void => {
      member.leave();
      release();
    };
    if (connection.signal.aborted) return leave();
    connection.signal.addEventListener('abort', leave, { once: true });
    await member.join(resume === undefined ? undefined : readVersions(resume, feeds.length));
    // Who was not sent the whole wants to know that nothing was missed, and everybody when something may be.
    if (resume !== undefined || hub.state === 'delayed') {
      const frame = live.noticeFrame(hub.state);
      if (frame) connection.write(frame);
    }
  };

  const fail = (connection: Connection, error: unknown): void => {
    log.error({ err: error, operationId: connection.channel.name }, 'a live connection failed');
    connection.close(1011, 'internal error');
  };

  const seenOf = (connection: Connection): LiveConnection => {
    const { channel, auth, correlationId, signal } = connection;
    const live = ofChannel(channel.name);
    const direct = channel.sends.filter(
      ({ name, envelope }) =>
        name !== channel.live?.snapshot && name !== channel.live?.notice && !(channel.live && envelope.sequence),
    );
    const send = Object.fromEntries(
      direct.map((message) => [
        message.publisher,
        (data: unknown) => connection.write(live.directFrame(message, data)),
      ]),
    );
    return {
      auth,
      correlationId,
      signal,
      send,
      commit: (work) => database.transaction(work, { cause: { correlationId } }),
    };
  };

  const onOpen = (connection: Connection, { outcome, resume }: Admitted): void => {
    if (outcome.kind !== 'watching') return;
    const { watching } = outcome;
    receiveFrom(connection, {
      rate: { messages: settings.liveMessages, windowMs: settings.liveMessagesWindow },
      receivers: watching.on ?? {},
      log,
      seen: seenOf(connection),
      received: (message) => metrics.received(connection.channel.name, message),
    });
    watch(connection, watching, resume).catch((error: unknown) => fail(connection, error));
  };

  return {
    publishers: createLive(tables.channels, { service, changes, fanOut }),
    job: {
      name: 'parkwise:live-housekeeping',
      everyMs: HOUSEKEEPING_MS,
      run: async () => void (await changes.purge(new Date(clock.now().getTime() - settings.liveRetention))),
    },
    serve({ http, handlers, tokens, apiKeys }) {
      server = createLiveServer({
        koa: http.koa as never,
        tables,
        handlers,
        security: { realm: service, tokens, apiKeys },
        origins: {
          allowed: settings.liveOrigins
            .split(',')
            .map((origin) => origin.trim())
            .filter((origin) => origin !== ''),
          allowLoopback: settings.mode === 'development',
        },
        seats: new Seats({ total: settings.liveConnections, perHolder: settings.liveConnectionsPerCaller }),
        state: http.state,
        ids,
        clock,
        log,
        metrics,
        heartbeatMs: settings.liveHeartbeat,
        bufferedBytes: settings.liveBuffer,
        onOpen,
      });
      http.onUpgrade((request, socket, head) => server?.upgrade(request, socket, head));
    },
    disconnect: async (drainMs) => server?.close(drainMs),
    close: () => hub.close(),
  };
};
