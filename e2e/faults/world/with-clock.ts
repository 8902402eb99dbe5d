/** A service whose clock the run sets: `process.send({ clockOffsetMs })`. Its sabotage `frozen-clock` does not look at it again. */
import { runService, type AnyServiceDefinition } from '@parkwise/runtime/codegen/v1';

const isFrozen = (process.env['PARKWISE_SABOTAGE'] ?? '').split(',').includes('frozen-clock');
let offsetMs = 0;
process.on('message', (message: { readonly clockOffsetMs?: number }) => {
  if (message.clockOffsetMs !== undefined && !isFrozen) offsetMs = message.clockOffsetMs;
});
// Watching for messages must not keep it from ending.
process.channel?.unref();

const service = process.env['SERVICE_WITH_CLOCK'] ?? '';
const { default: definition } = (await import(service)) as { readonly default: AnyServiceDefinition };
await runService(definition, { clock: { now: () => new Date(Date.now() + offsetMs) } });
