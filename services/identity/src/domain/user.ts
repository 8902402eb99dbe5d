import { inOrder, type Role } from './role.ts';

export type ContactChannel = 'email' | 'phone' | 'none';

export interface Business {
  readonly name: string;
  readonly kind: 'individual' | 'garage';
  readonly taxId?: string;
}

/** What somebody says about themselves. */
export interface Profile {
  readonly displayName: string;
  readonly locale: string;
  readonly contactChannel: ContactChannel;
  readonly phone?: string;
  readonly vehiclePlate?: string;
  readonly business?: Business;
}

/** An account. `version` counts its changes, and those of its profile, from 1. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly profile: Profile;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type UserEvent =
  | { readonly type: 'UserRegistered' }
  | { readonly type: 'ProviderRegistered'; readonly business: Business }
  | { readonly type: 'UserProfileUpdated'; readonly changed: readonly (keyof Profile)[] }
  | { readonly type: 'RolesChanged' };

/** New state and what happened on the way to it. Nothing happened: the state is the one there was. */
export interface UserChange {
  readonly state: User;
  readonly events: readonly UserEvent[];
}

export type Registration = {
  readonly id: string;
  readonly email: string;
  readonly profile: Profile;
  readonly now: Date;
} & ({ readonly role: 'driver' } | { readonly role: 'provider'; readonly business: Business });

/** Opens an account. There is no way to register as an administrator. */
export function register(registration: Registration): UserChange {
  const { id, email, profile, now } = registration;
  const account = { id, email, roles: [registration.role], version: 1, createdAt: now, updatedAt: now };
  if (registration.role === 'driver') return { state: { ...account, profile }, events: [{ type: 'UserRegistered' }] };
  const { business } = registration;
  return {
    state: { ...account, profile: { ...profile, business } },
    events: [{ type: 'UserRegistered' }, { type: 'ProviderRegistered', business }],
  };
}

/** Opens the account of an administrator: for the operator of the platform, not for who comes along. */
export function appoint(admin: { id: string; email: string; profile: Profile; now: Date }): UserChange {
  const { id, email, profile, now } = admin;
  return {
    state: { id, email, profile, roles: ['admin'], version: 1, createdAt: now, updatedAt: now },
    events: [{ type: 'UserRegistered' }],
  };
}

/** A JSON merge patch (RFC 7396): `null` removes. */
export interface ProfilePatch {
  readonly displayName?: string;
  readonly locale?: string;
  readonly contactChannel?: ContactChannel;
  readonly phone?: string | null;
  readonly vehiclePlate?: string | null;
  readonly business?: Business;
}

export function changeProfile(user: User, patch: ProfilePatch, now: Date): UserChange | 'not-a-provider' {
  if (patch.business && !user.roles.includes('provider')) return 'not-a-provider';
  const profile = merge(user.profile, patch);
  const changed = profileProperties.filter((name) => !same(user.profile[name], profile[name]));
  if (changed.length === 0) return { state: user, events: [] };
  return { state: next(user, { profile }, now), events: [{ type: 'UserProfileUpdated', changed }] };
}

/** `otherAdmins`: how many administrators there are besides this account. */
export function changeRoles(
  user: User,
  { roles, otherAdmins, now }: { roles: readonly Role[]; otherAdmins: number; now: Date },
): UserChange | 'last-admin' {
  const wanted = inOrder(roles);
  if (same(user.roles, wanted)) return { state: user, events: [] };
  if (user.roles.includes('admin') && !wanted.includes('admin') && otherAdmins === 0) return 'last-admin';
  return { state: next(user, { roles: wanted }, now), events: [{ type: 'RolesChanged' }] };
}

const profileProperties = ['displayName', 'locale', 'phone', 'contactChannel', 'vehiclePlate', 'business'] as const;

const next = (user: User, change: Partial<User>, now: Date): User => ({
  ...user,
  ...change,
  version: user.version + 1,
  updatedAt: now,
});

function merge(profile: Profile, patch: ProfilePatch): Profile {
  const business = patch.business && { ...profile.business, ...patch.business };
  const { phone, vehiclePlate, ...others } = { ...profile, ...patch, ...(business && { business }) };
  return { ...others, ...(phone ? { phone } : {}), ...(vehiclePlate ? { vehiclePlate } : {}) };
}

/** For values without functions or cycles, whatever the order of their properties. */
function same(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return one === other;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => same((one as never)[name], (other as never)[name]));
}
