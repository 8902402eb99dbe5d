/** A process of its own around one log: `read url topic group` reports values, `write url topic prefix count` appends. */
import { openEmbeddedLog } from '../../../src/messaging/embedded-log.ts';

const [mode, url = '', topic = '', name = '', count = '0'] = process.argv.slice(2);
// Only the bell can be quick enough, and only a look at the process can tell that it is dead.
const log = await openEmbeddedLog(url, { fallbackMs: 600_000, heartbeatMs: 600_000, leaseMs: 600_000 });
if (mode === 'read') {
  await log.subscribe({ group: name, topics: [topic], handle: async (one) => void process.send?.(one.value) });
  process.send?.('ready');
} else {
  for (let n = 0; n < Number(count); n += 1) {
    await log.send([{ topic, key: name, headers: {}, value: `${name}-${n}` }]);
  }
  await log.close();
  process.disconnect?.();
}
