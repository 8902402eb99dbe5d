import t from 'tap';
import { grantScopes, scopesOf } from '../src/domain/scope.ts';

const ofDriver = scopesOf(['driver']);

t.test('what roles may', async (t) => {
  t.same(ofDriver, ['profile:read', 'profile:write', 'spots:read', 'bookings:read', 'bookings:write']);
  t.same(scopesOf(['provider']), ['profile:read', 'profile:write', 'spots:read', 'spots:write', 'bookings:read']);
  t.equal(scopesOf(['admin']).length, 8);
  t.ok(scopesOf(['driver', 'provider']).includes('spots:write'));
});

t.test('scopes are what is asked for and allowed', async (t) => {
  t.same(grantScopes(undefined, ofDriver), ofDriver);
  t.same(grantScopes('bookings:write users:write  spots:read', ofDriver), ['spots:read', 'bookings:write']);
  t.equal(grantScopes('users:write', ofDriver), 'invalid-scope');
  t.equal(grantScopes('spots:read made:up', ofDriver), 'invalid-scope');
  t.equal(grantScopes(undefined, []), 'invalid-scope');
});
