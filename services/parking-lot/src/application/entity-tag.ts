/** The entity tag of a version, as the contracts write it. */
export const entityTag = (version: number): string => `"v${version}"`;
