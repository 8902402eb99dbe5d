import { urlCredentials } from './url-password.ts';

/** Shorter texts would blot out words that are none of the secret's business; production refuses them as secrets anyway. */
const SHORTEST = 6;

/** Texts → the same with the given secrets blotted out, however they are written: raw, encoded for a URL, or inside JSON. */
export const withoutSecrets = (secrets: readonly string[]): ((text: string) => string) => {
  const forms = new Set<string>();
  for (const secret of secrets) {
    const credentials = urlCredentials(secret);
    // Of a URL, only the password is secret.
    const value = credentials === undefined ? secret : credentials.password;
    if (value.length < SHORTEST || (credentials === undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(value))) continue;
    for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]) forms.add(form);
    if (credentials !== undefined) forms.add(rawPassword(secret));
  }
  // The longest first: one may be a part of another.
  const ordered = [...forms].filter((form) => form !== '').toSorted((a, b) => b.length - a.length);
  if (ordered.length === 0) return (text) => text;
  return (text) => {
    let clean = text;
    for (const form of ordered) if (clean.includes(form)) clean = clean.replaceAll(form, '***');
    return clean;
  };
};

const rawPassword = (url: string): string => /:\/\/[^:\s]*:([^\s]*)@/.exec(url)?.[1] ?? '';
