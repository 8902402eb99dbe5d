const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether the subject of a token can be somebody who has registered. Other issuers may put anything there. */
export const isAccountId = (subject: string): boolean => UUID.test(subject);
