/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): the same in every process and version. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  // The low bits of FNV alone follow the last byte; numbers that count up would share partitions.
  return (hash ^ (hash >>> 15)) >>> 0;
}
