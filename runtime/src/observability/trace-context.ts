/** W3C Trace Context (https://www.w3.org/TR/trace-context/): read, continued, emitted, whether spans are recorded (`tracing.ts`) or not. */
import { randomUUID } from 'node:crypto';

export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly parentId: string;
  readonly flags: string;
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Undefined for what the recommendation says to ignore: malformed, all zeros, version `ff`. */
export const parseTraceparent = (header: string | undefined): TraceParent | undefined => {
  const match = header === undefined ? null : pattern.exec(header.trim());
  if (!match) return undefined;
  const [, version, traceId = '', parentId = '', flags = '00', extension] = match;
  if (version === 'ff' || (version === '00' && extension !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  return { traceId, parentId, flags };
};

export const formatTraceparent = ({ traceId, parentId, flags }: TraceParent): string =>
  `00-${traceId}-${parentId}-${flags}`;

/** The same trace under a new parent id; a new trace, not sampled, when there is none to continue. */
export const continueTrace = (header: string | undefined): string => {
  const from = parseTraceparent(header);
  const random = randomUUID().replaceAll('-', '');
  // The tail of a version 4 UUID is random; its head holds the version.
  const parentId = random.slice(16);
  if (from) return formatTraceparent({ ...from, parentId });
  return formatTraceparent({ traceId: randomUUID().replaceAll('-', ''), parentId, flags: '00' });
};
