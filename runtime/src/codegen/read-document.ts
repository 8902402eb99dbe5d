import { readFileSync } from 'node:fs';

/** A bundled contract beside the generated code, read when it is asked for. */
export const readDocument = (location: URL): unknown => JSON.parse(readFileSync(location, 'utf8')) as unknown;
