/** How a body of this media type reaches a handler: parsed, as text, or as bytes. */
export type BodyKind = 'json' | 'form' | 'text' | 'binary';

export const bodyKind = (mediaType: string): BodyKind => {
  const essence = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  if (essence === 'application/json' || essence.endsWith('+json') || essence === 'text/json') return 'json';
  if (essence === 'application/x-www-form-urlencoded') return 'form';
  if (essence.startsWith('text/') || essence === 'application/xml' || essence.endsWith('+xml')) return 'text';
  return 'binary';
};
