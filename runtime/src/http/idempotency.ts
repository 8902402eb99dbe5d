/** `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): what the key stands for, and what a taken one is answered with. */
import { createHmac } from 'node:crypto';
import type { RouteDefinition } from './contract.ts';
import type { Exchange } from './exchange.ts';
import { Problem } from './problem.ts';
import type { WireAnswer } from './answers/wire-answer.ts';
import type { IdempotencyRequest, StoredAnswer, TakenKey } from './unit-of-work.ts';

const MAX_KEY_LENGTH = 255;

/** @param body the bytes as they came, so that the fingerprint is of what was sent */
export const idempotencyRequest = (
  route: Pick<RouteDefinition, 'method' | 'path' | 'idempotencyKey'>,
  { request, path, query, auth }: Exchange,
  body: Uint8Array,
): IdempotencyRequest | undefined => {
  if (!route.idempotencyKey) return undefined;
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') return undefined;
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
    const message = `must have 1 to ${MAX_KEY_LENGTH} characters`;
    throw new Problem('invalid-request', {
      errors: [{ in: 'header', pointer: '/Idempotency-Key', keyword: 'maxLength', message }],
    });
  }
  // Keyed with what is stored nowhere in clear: a body may hold a password, which a plain hash would let anybody guess.
  const hash = createHmac('sha256', key)
    .update(`${path}\n${query}\n${request.headers['content-type'] ?? ''}\n`)
    .update(body);
  return {
    subject: auth?.subject ?? 'anonymous',
    method: route.method.toUpperCase(),
    route: route.path,
    key,
    fingerprint: hash.digest('hex'),
  };
};

export const takenKeyAnswer = (taken: TakenKey): WireAnswer => {
  switch (taken.outcome) {
    case 'replay':
      return replay(taken.answer);
    case 'busy':
      throw new Problem('request-in-progress', { headers: { 'retry-after': String(taken.retryAfterSeconds ?? 1) } });
    case 'mismatch':
      throw new Problem('idempotency-key-reused');
  }
};

export const storedAnswer = ({ status, headers, body }: WireAnswer): StoredAnswer => ({
  status,
  headers,
  ...(body !== undefined &&
    (typeof body === 'string'
      ? { body }
      : { body: Buffer.from(body).toString('base64'), encoding: 'base64' as const })),
});

const replay = ({ status, headers, body, encoding }: StoredAnswer): WireAnswer => ({
  status,
  headers: { ...headers, 'idempotency-replayed': 'true' },
  ...(body !== undefined && { body: encoding === 'base64' ? Buffer.from(body, 'base64') : body }),
});
