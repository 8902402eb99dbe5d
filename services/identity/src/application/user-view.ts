import type { Profile, User } from '../domain/user.ts';

/** An account as the contract shows it. */
export const userView = ({ id, email, roles, profile, version, createdAt, updatedAt }: User) => ({
  id,
  email,
  roles: [...roles],
  profile: profileView(profile),
  version,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** Property by property, so that nothing gets out because it got in. */
export const profileView = ({ displayName, locale, contactChannel, phone, vehiclePlate, business }: Profile) => ({
  displayName,
  locale,
  contactChannel,
  ...(phone !== undefined && { phone }),
  ...(vehiclePlate !== undefined && { vehiclePlate }),
  ...(business && { business: { ...business } }),
});
