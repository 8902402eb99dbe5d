/** Entity tags and the conditions on them (RFC 9110 sections 8.8.3 and 13.1). */

const tagList = (header: string): string[] => header.match(/(?:W\/)?"[^"]*"/g) ?? [];
const opaque = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : tag);

/** `If-None-Match`, weak comparison: whether the client has this representation already. */
export const isKnownToClient = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.trim() === '*' || tagList(ifNoneMatch).some((tag) => opaque(tag) === opaque(etag));

/** `If-Match`, strong comparison: whether the client's change is meant for this representation. */
export const fulfilsIfMatch = (ifMatch: string, etag: string): boolean =>
  ifMatch.trim() === '*' || (!etag.startsWith('W/') && tagList(ifMatch).includes(etag));
