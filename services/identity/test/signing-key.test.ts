import t from 'tap';
import { dueKey, publishedKeys, signingKey } from '../src/domain/signing-key.ts';

const start = new Date('2037-03-01T00:00:00Z');
const at = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const policy = { rotateEveryMs: 1000 * 60_000, publishAheadMs: 30 * 60_000, keepMs: 11 * 60_000 };
const first = { generation: 1, activatesAt: start };
const second = { generation: 2, activatesAt: at(1000) };

t.test('the first key signs at once', async (t) => t.same(dueKey([], start, policy), first));

t.test('the next one is made before it is needed, and once', async (t) => {
  t.equal(dueKey([first], at(969), policy), undefined);
  t.same(dueKey([first], at(970), policy), second);
  t.equal(dueKey([first, second], at(971), policy), undefined);
  t.equal(dueKey([first, second], at(1969), policy), undefined);
});

t.test('a rotation that comes late still publishes ahead', async (t) => {
  t.same(dueKey([first], at(5000), policy), { generation: 2, activatesAt: at(5030) });
});

t.test('a key signs from its time until the next one does', async (t) => {
  t.equal(signingKey([first, second], at(999)), first);
  t.equal(signingKey([first, second], at(1000)), second);
  t.equal(signingKey([second], at(999)), undefined);
});

t.test('a key is published until the last token that it signed has ended', async (t) => {
  t.same(publishedKeys([first, second], at(975), policy), [first, second]);
  t.same(publishedKeys([first, second], at(1010), policy), [first, second]);
  t.same(publishedKeys([first, second], at(1011), policy), [second]);
});
