/** What somebody is on the platform, in the order in which roles are shown. */
export const roles = ['driver', 'provider', 'admin'] as const;

export type Role = (typeof roles)[number];

/** Each role once, in the order in which roles are shown: how they are kept and compared. */
export const inOrder = (given: readonly Role[]): readonly Role[] => roles.filter((role) => given.includes(role));
