import type { Tx } from '@parkwise/runtime';
import type { UserChange } from '../domain/user.ts';
import type { Publish } from '../generated/messages.ts';

/** What happened to an account, as the contract's messages tell it. */
export async function publishUserEvents(publish: Publish, tx: Tx, { state, events }: UserChange): Promise<void> {
  const { id, email, roles, profile } = state;
  const about = { key: id, sequence: state.version };
  const { displayName, locale, contactChannel, phone } = profile;
  const registeredAt = state.createdAt.toISOString();
  for (const event of events) {
    switch (event.type) {
      case 'UserRegistered':
        await publish.userRegistered(
          tx,
          { userId: id, email, displayName, locale, roles: [...roles], registeredAt },
          about,
        );
        break;
      case 'ProviderRegistered': {
        const { name, kind } = event.business;
        const registered = { providerId: id, businessName: name, businessKind: kind, registeredAt };
        await publish.providerRegistered(tx, registered, about);
        break;
      }
      case 'UserProfileUpdated': {
        const now = { userId: id, displayName, locale, contactChannel, ...(phone && { phone }) };
        const updated = { ...now, changed: [...event.changed], updatedAt: state.updatedAt.toISOString() };
        await publish.userProfileUpdated(tx, updated, about);
        break;
      }
      case 'RolesChanged':
        // No contract tells of it: services read roles from tokens.
        break;
    }
  }
}
