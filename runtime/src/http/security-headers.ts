import type { Exchange } from './exchange.ts';
import type { WireAnswer } from './answers/wire-answer.ts';

/** An API's answers are data: nothing in them is to be run, framed or guessed at, whatever a browser is led to. */
const always = [
  'x-content-type-options',
  'nosniff',
  'content-security-policy',
  "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy',
  'no-referrer',
];

/** Header names and values in turn, as `writeHead` takes them. */
export const securityHeaders = (isBehindTls: boolean): readonly string[] =>
  isBehindTls ? [...always, 'strict-transport-security', 'max-age=31536000; includeSubDomains'] : always;

/** Tokens, errors and effects are not stored anywhere; what was read may be kept by its reader, who asks again by ETag. */
export const cacheControl = ({ method, auth }: Exchange, { status, headers }: WireAnswer): string | undefined => {
  if (headers['cache-control'] !== undefined) return undefined;
  const isRead = (method === 'GET' || method === 'HEAD') && status < 400;
  if (!isRead) return 'no-store';
  return auth ? 'private, no-cache' : 'no-cache';
};
