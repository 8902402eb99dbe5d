/** Bytes of an error's message that are kept. */
const MAX_BYTES = 1_024;

/** What an error may have picked up from the data, and must not carry further. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, '[token]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 [redacted]'],
  [/(\w+:\/\/[^\s:/@]*):[^\s/@]+@/g, '$1:[redacted]@'],
  [
    /((?:password|passwd|secret|token|api[-_]?key|authorization)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&)}]+)/gi,
    '$1[redacted]',
  ],
  [/[\w.+-]+@[\w-]+\.[\w.-]+/g, '[email]'],
  [/\b\d(?:[ -]?\d){11,18}\b/g, '[number]'],
];

/** Text of an error, safe to store with a message: without tokens, passwords, addresses and card numbers, at most 1 KB. */
export function redacted(text: string): string {
  let clean = text.replaceAll(/[\r\n]+/g, ' ');
  for (const [pattern, replacement] of SECRETS) clean = clean.replaceAll(pattern, replacement);
  const bytes = Buffer.from(clean, 'utf8');
  // Cut off in the middle of a character, the decoder would write a replacement of three bytes.
  return bytes.length <= MAX_BYTES
    ? clean
    : bytes
        .subarray(0, MAX_BYTES - 2)
        .toString('utf8')
        .replace(/\uFFFD$/, '');
}
