/** Media types without their parameters, in lower case. */
export const essence = (mediaType: string): string => (mediaType.split(';')[0] ?? '').trim().toLowerCase();

export const isJson = (mediaType: string): boolean => /^[^/]+\/(?:[^/]+\+)?json$/.test(essence(mediaType));
export const isProblem = (mediaType: string): boolean => essence(mediaType) === 'application/problem+json';
export const isForm = (mediaType: string): boolean => essence(mediaType) === 'application/x-www-form-urlencoded';
export const isText = (mediaType: string): boolean => /^text\/(?!event-stream$|xml$|json$)/.test(essence(mediaType));
/** Bytes that are handed on as they are. */
export const isBinary = (mediaType: string): boolean =>
  /^(application\/(octet-stream|pdf|zip|gzip|x-tar|wasm|vnd\.openxmlformats-[^/]+)|(image|audio|video|font)\/[^/]+|\*\/\*)$/.test(
    essence(mediaType),
  ) && essence(mediaType) !== 'image/svg+xml';

/** Whether generated code reads and writes bodies of this type. */
export const isCarried = (mediaType: string): boolean =>
  isJson(mediaType) || isForm(mediaType) || isText(mediaType) || isBinary(mediaType);
