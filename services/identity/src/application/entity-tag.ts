/** The strong entity tag of a version. */
export const entityTag = (version: number): string => `"v${version}"`;
