/** `Accept` (RFC 9110 section 12.5.1) against the media types that an operation answers with on success. */
import type { RouteDefinition } from './contract.ts';
import { parseMediaType } from './body/media-type.ts';

/**
 * The media type that the client prefers among those of the contract, as the contract writes it; undefined when it accepts none.
 * Empty when there is nothing to choose: an answer without a body is acceptable to everybody.
 */
export type Negotiate = (accept: string | undefined) => string | undefined;

export const compileNegotiation = (route: Pick<RouteDefinition, 'responses'>): Negotiate => {
  const successes = Object.entries(route.responses).filter(([status]) => /^2|^default$/i.test(status));
  const offered = [...new Set(successes.flatMap(([, response]) => Object.keys(response.content)))];
  const [first] = offered;
  if (first === undefined || offered.includes('*/*')) return () => '';
  const known = new Map<string, string | undefined>();
  return (accept) => {
    if (accept === undefined || accept === '*/*') return first;
    if (known.has(accept)) return known.get(accept);
    const preferred = choose(parseAccept(accept), offered);
    if (known.size < 100) known.set(accept, preferred);
    return preferred;
  };
};

/** Of equal ones the contract's first. What cannot be read as `Accept` asks for nothing. */
const choose = (ranges: readonly Range[], offered: readonly string[]): string | undefined => {
  if (ranges.length === 0) return offered[0];
  const rated = offered.map((listed) => ({ listed, quality: quality(ranges, essence(listed)) }));
  const best = rated.toSorted((a, b) => b.quality - a.quality)[0];
  return best && best.quality > 0 ? best.listed : undefined;
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
