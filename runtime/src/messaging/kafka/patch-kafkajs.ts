import { createRequire } from 'node:module';

interface Queue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
}

interface QueuePrototype {
  scheduleCheckPendingRequests(this: Queue): void;
}

let patched = false;

/**
 * After every answer kafkajs 2.2.4 sets a timer to look for requests that wait, even if none does, and computes its delay as -1 minus
 * the current time. It does no harm but costs a timer per request, and Node prints a TimeoutNegativeWarning
 * (https://github.com/tulios/kafkajs/issues/1751). With nothing waiting and no throttle there is nothing to look for.
 */
export function patchKafkajs(): void {
  if (patched) return;
  patched = true;
  const require = createRequire(import.meta.url);
  const { prototype } = require('kafkajs/src/network/requestQueue') as { readonly prototype: QueuePrototype };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleIfNeeded(this: Queue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}
