/** Formats that generated validators check. Any other is an annotation without effect, which is reported. */
export const assertedFormats: ReadonlySet<string> = new Set(
  (
    'date time date-time iso-time iso-date-time duration uri uri-reference uri-template url email hostname ipv4 ipv6 regex uuid ' +
    'json-pointer relative-json-pointer byte int32 int64 float double'
  ).split(' '),
);

/** Formats that say how to show or send a value and mean to assert nothing. */
export const silentFormats: ReadonlySet<string> = new Set(['password', 'binary']);
