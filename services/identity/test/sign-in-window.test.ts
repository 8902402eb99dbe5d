import t from 'tap';
import { attempt, networkOf, takeBack } from '../src/domain/sign-in-window.ts';

const now = new Date('2037-03-01T08:00:00Z');
const limit = { attempts: 2, windowMs: 60_000 };

t.test('attempts count until the window ends', async (t) => {
  const first = attempt(undefined, now, limit);
  if (!first.admitted) throw new Error('turned away at once');
  const second = attempt(first.window, now, limit);
  if (!second.admitted) throw new Error('turned away too early');
  const soon = new Date(now.getTime() + 30_500);
  t.same(attempt(second.window, soon, limit), { admitted: false, retryAfterSeconds: 30 });
  t.match(attempt(second.window, first.window.endsAt, limit), { admitted: true, window: { attempts: 1 } });
  t.match(attempt(takeBack(second.window), soon, limit), { admitted: true });
});

t.test('an IPv6 address stands for its network', async (t) => {
  t.equal(networkOf('192.0.2.7'), '192.0.2.7');
  t.equal(networkOf('::ffff:192.0.2.7'), '192.0.2.7');
  t.equal(networkOf('2001:db8:0:1::5'), '2001:db8:0:1::/64');
  t.equal(networkOf('2001:DB8::1:2:3:4'), '2001:db8:0:0::/64');
  t.equal(networkOf('2001:db8:0:1:ffff:ffff:ffff:ffff'), '2001:db8:0:1::/64');
  t.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64');
  t.equal(networkOf('::1'), '0:0:0:0::/64');
});
