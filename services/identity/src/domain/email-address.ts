/** What makes two spellings one address: capital letters make no difference. */
export const emailKey = (email: string): string => email.normalize('NFKC').toLowerCase();
