import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ChannelsParts } from '../realtime/channels.ts';
import type { LiveClientParts } from '../realtime/live-client.ts';
import type { ConsumersParts } from './consumers.ts';
import type { MessagesParts } from './messages.ts';

export interface RenderRequest {
  /** The AsyncAPI document in one piece. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly messages: MessagesParts;
  readonly consumers: ConsumersParts;
  /** Only for a service with WebSocket channels. */
  readonly realtime?: { readonly channels: ChannelsParts; readonly liveClient: LiveClientParts };
}

export interface RenderAnswer {
  readonly messages: string;
  readonly consumers: string;
  readonly realtime?: { readonly channels: string; readonly liveClient: string };
}

/** Lays out messaging files by the template in `templates/asyncapi`, in another thread. */
export interface AsyncRenderer {
  render(request: RenderRequest): Promise<RenderAnswer>;
  close(): Promise<void>;
}

/** Starts loading the generator and the template at once; what is asked for in the meantime waits. */
export const startAsyncRenderer = (templateDirectory: string): AsyncRenderer => {
  const file = `./render-worker${extname(fileURLToPath(import.meta.url))}`;
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: { templateDirectory },
  });
  const waiting = new Map<number, { resolve: (answer: RenderAnswer) => void; reject: (error: Error) => void }>();
  let failure: Error | undefined;
  let count = 0;
  worker.on('message', ({ id, answer, error }: { id: number; answer?: RenderAnswer; error?: string }) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (answer) asked?.resolve(answer);
    else asked?.reject(new Error(error));
  });
  worker.on('error', (error: Error) => {
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  // A run that has nothing to render must not wait for it.
  worker.unref();
  return {
    render: (request) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        worker.ref();
        count += 1;
        waiting.set(count, { resolve, reject });
        worker.postMessage({ id: count, request });
      }),
    close: async () => {
      await worker.terminate();
    },
  };
};
