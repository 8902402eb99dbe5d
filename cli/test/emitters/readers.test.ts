import t from 'tap';
import type { ClientDefinition, ConsumerDefinition, MessageDefinition } from '@parkwise/runtime/codegen/v1';

/** Received messages and answers of others are read tolerantly and only as far as declared; what is sent is checked strictly. */
const load = async <T>(path: string): Promise<T> =>
  (await import(new URL(`../golden/${path}`, import.meta.url).href)) as T;

const id = '018f4a10-5c6d-7e8f-9a0b-3c4d5e6f7a01';

t.test('messages', async (t) => {
  const { messages, consumers } = await load<{
    messages: readonly MessageDefinition[];
    consumers: readonly ConsumerDefinition[];
  }>('messaging/expected/services/enrolment/src/generated/consumers.ts');
  const [sent] = messages;
  t.ok(sent?.validate({ studentId: id, courses: [{ code: 'MAT101' }] }));
  t.notOk(sent?.validate({ studentId: id, courses: [], extra: 1 }), 'what we send holds only what the contract says');
  t.ok(sent?.validateReceived({ studentId: id, courses: [], extra: 1 }), 'what we receive may hold more');
  t.same(sent?.envelope, { key: { in: 'payload', pointer: '/studentId' } });

  const payments = consumers.find(({ operationId }) => operationId === 'receivePayments');
  const paid = payments?.messages.find(({ message }) => message.version === 2);
  const meta = { id, type: 'FeePaid', version: 2, student: 's' };
  const data = { studentId: 's', amount: { value: 1, currency: 'EUR' }, method: 'card' };
  t.ok(paid?.message.validateReceived({ meta, data }), 'what is not read need not be there');
  t.ok(paid?.message.validateReceived({ meta, data: { ...data, method: 'cheque', extra: 1 } }), 'an enum may grow');
  t.notOk(paid?.message.validateReceived({ meta, data: { ...data, amount: { value: '1', currency: 'EUR' } } }));
  t.notOk(paid?.message.validateReceived({ meta: { ...meta, version: 3 }, data }));
  t.notOk(
    paid?.message.validateReceived({ meta, data: { studentId: 's' } }),
    'what is read and required has to be there',
  );
  const old = payments?.messages.find(({ message }) => message.version === 1);
  t.match(old, { handler: 'onFeePaid', upcaster: 'upcastFeePaidV1' });
  t.same(old?.message.constants, { '/meta/origin': 'payments' }, 'what has one value only is filled in');
  t.same([payments?.order, payments?.retryMs], ['key', [5000, 60000]]);
});

t.test('clients', async (t) => {
  const { clients } = await load<{ clients: Readonly<Record<string, ClientDefinition>> }>(
    'clients/expected/services/orders/src/generated/clients.ts',
  );
  const item = clients['stock']?.operations['getItem'];
  const body = { quantity: 1, kind: 'new', supplier: { name: 'a' } };
  t.ok(item?.validate['200']?.(body), 'only what is read has to be there');
  t.ok(item?.validate['200']?.({ ...body, kind: 'refurbished', more: 1 }));
  t.notOk(item?.validate['200']?.({ ...body, supplier: {} }));
  t.match(item, { method: 'get', path: '/items/{itemId}', scopes: ['stock:read'], timeoutMs: 1000, retries: 1 });
});
