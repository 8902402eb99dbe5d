import { randomFillSync } from 'node:crypto';
import type { Clock, Ids } from './service-definition.ts';

/** Ids for which chance is drawn at once: asking for it takes as long for one as for all of them. */
const DRAWN = 128;

/**
 * UUIDs of version 7 (RFC 9562) by the given clock. They sort by the time they were made, which keeps indexes compact; those of one
 * millisecond are counted (method 1 of section 6.2), so that they sort as they were made, too.
 */
export const uuidIds = (clock: Clock): Ids => {
  const bytes = Buffer.alloc(16);
  const random = Buffer.alloc(8 * DRAWN);
  let drawn = random.length;
  let last = 0;
  let count = 0;
  return {
    next() {
      const now = clock.now().getTime();
      if (now > last) {
        last = now;
        count = 0;
      } else if (count === 0xfff) {
        last += 1;
        count = 0;
      } else count += 1;
      if (drawn === random.length) {
        randomFillSync(random);
        drawn = 0;
      }
      random.copy(bytes, 8, drawn, drawn + 8);
      drawn += 8;
      bytes.writeUIntBE(last, 0, 6);
      bytes.writeUInt16BE(0x7000 | count, 6);
      bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
      const hex = bytes.toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
  };
};
