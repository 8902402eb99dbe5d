/** What a URL like `mysql://user:password@host/database` says of who signs in; both parts decoded. */
export interface UrlCredentials {
  readonly user: string;
  /** '' if the URL has none. */
  readonly password: string;
}

/** Up to the last `@`: a password that should have been encoded is still seen as one. */
const USER_INFO = /^[a-z][a-z0-9+.-]*:\/\/([^\s]*)@/i;

/** Who signs in by the URL; undefined if it names nobody. */
export const urlCredentials = (url: string): UrlCredentials | undefined => {
  const [, userInfo] = USER_INFO.exec(url) ?? [];
  if (userInfo === undefined) return undefined;
  const colon = userInfo.indexOf(':');
  const [user, password] = colon === -1 ? [userInfo, ''] : [userInfo.slice(0, colon), userInfo.slice(colon + 1)];
  return { user: decoded(user), password: decoded(password) };
};

/** The URL as it may be shown: without its password. */
export const withoutPassword = (url: string): string =>
  url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^\s:]*):[^\s]*@/i, '$1:***@')
    .replace(/([?&](?:password|token)=)[^&\s]*/gi, '$1***');

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign: it stands for itself
  }
};
