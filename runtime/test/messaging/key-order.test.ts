import t from 'tap';
import { KeyOrder } from '../../src/messaging/key-order.ts';

t.test('what has to wait, or fails, keeps those behind it in its key from going first', async (t) => {
  const order = new KeyOrder();
  const ran: string[] = [];
  const run = (name: string) => async () => void ran.push(name) as undefined;
  const pauseUntil = new Date();
  const outcomes = await Promise.allSettled([
    order.run('a', async () => ({ pauseUntil })),
    order.run('a', run('behind one that waits')),
    order.run('b', () => Promise.reject(new Error('away'))),
    order.run('b', run('behind one that fails')),
    order.run('c', run('another')),
  ]);
  t.same(ran, ['another']);
  t.match(outcomes, [
    { value: { pauseUntil } },
    { value: { pauseUntil } },
    { reason: { message: 'away' } },
    { reason: { message: 'away' } },
    { value: undefined },
  ]);
  await order.run('a', run('again'));
  await order.run('b', run('again'));
  t.same(ran, ['another', 'again', 'again'], 'later ones are free to go');
});
