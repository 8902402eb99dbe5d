/** `Accept` (RFC 9110 section 12.5.1) against the media types that an operation answers with on success. */
import type { RouteDefinition } from './contract.ts';
import { parseMediaType } from './body/media-type.ts';

export type Accepts = (accept: string | undefined) => boolean;

const always: Accepts = () => true;

export const compileAccepts = (route: Pick<RouteDefinition, 'responses'>): Accepts => {
  const successes = Object.entries(route.responses).filter(
    ([status]) => status.startsWith('2') || status.toLowerCase() === 'default',
  );
  const offered = [...new Set(successes.flatMap(([, response]) => Object.keys(response.content)))].map(essence);
  // An answer without a body is acceptable to everybody.
  if (offered.length === 0 || offered.includes('*/*')) return always;
  const known = new Map<string, boolean>();
  return (accept) => {
    if (accept === undefined || accept === '*/*') return true;
    let accepted = known.get(accept);
    if (accepted === undefined) {
      const ranges = parseAccept(accept);
      accepted = ranges.length === 0 || offered.some((type) => quality(ranges, type) > 0);
      if (known.size < 100) known.set(accept, accepted);
    }
    return accepted;
  };
};

interface Range {
  readonly essence: string;
  readonly quality: number;
}

const essence = (listed: string): string => parseMediaType(listed)?.essence ?? listed.toLowerCase();

const parseAccept = (accept: string): Range[] =>
  accept.split(',').flatMap((part) => {
    const type = parseMediaType(part);
    if (!type) return [];
    const quality = type.parameters['q'] === undefined ? 1 : Number(type.parameters['q']);
    return [{ essence: type.essence, quality: Number.isNaN(quality) ? 0 : quality }];
  });

/** The most precise range decides: `text/html;q=0` excludes it although the other range is a wildcard. */
const quality = (ranges: readonly Range[], type: string): number => {
  const [kind] = type.split('/');
  for (const wanted of [type, `${kind}/*`, '*/*']) {
    const range = ranges.find((range) => range.essence === wanted);
    if (range) return range.quality;
  }
  // The contract's own range, such as `image/*`, may yield what is asked for.
  return type.endsWith('/*')
    ? Math.max(
        0,
        ...ranges.filter((range) => range.essence.startsWith(type.slice(0, -1))).map((range) => range.quality),
      )
    : 0;
};
