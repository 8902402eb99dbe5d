import t from 'tap';
import { startIdentity } from './support/identity.ts';

t.test('settings that make no sense are named, and nothing starts', async (t) => {
  const wrong = {
    IDENTITY_ACCESS_TOKEN_LIFETIME: 'PT11M',
    IDENTITY_KEY_PUBLISH_AHEAD: 'PT5M',
    IDENTITY_KEY_ROTATION: 'PT40M',
    IDENTITY_REFRESH_TOKEN_IDLE: 'P91D',
    IDENTITY_SIGN_IN_WINDOW: 'P2D',
    IDENTITY_FIRST_ADMIN_EMAIL: 'admin@example.com',
    IDENTITY_FIRST_PARTY_CLIENT: 'No Client',
    IDENTITY_SIGN_INS_PER_ACCOUNT: '0',
  };
  for (const [name, value] of Object.entries(wrong))
    await t.rejects(startIdentity({ [name]: value }), new RegExp(name), `${name}=${value}`);
});
