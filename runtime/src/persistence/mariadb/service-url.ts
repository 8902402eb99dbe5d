import type { MariadbAccount } from './provision.ts';

/** The URL by which an account reaches its database, with the host and the options of TLS of the administrator's. */
export const serviceUrl = (adminUrl: string, { database, user, password }: MariadbAccount): string => {
  const url = new URL(adminUrl);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  url.pathname = `/${database}`;
  // The administrator's own certificate is nothing for the service.
  url.searchParams.delete('tlsCert');
  url.searchParams.delete('tlsKey');
  return url.href;
};
