/** Statuses of RFC 9110 and RFC 6585 that a range or `default` may stand for. */
const registered = [
  200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408,
  409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 500, 501, 502,
  503, 504, 505, 506, 507, 508, 510, 511,
];

/** Type of a status as the caller sees it: literal, so that an answer is told by its status. */
export const statusType = (status: string, declared: readonly string[]): string => {
  if (/^\d+$/.test(status)) return status;
  const digit = status === 'default' ? undefined : status.charAt(0);
  const ranges = declared.filter((other) => other !== status && /^\dXX$/i.test(other)).map((other) => other.charAt(0));
  const left = registered
    .map(String)
    .filter(
      (one) =>
        (digit === undefined ? !ranges.includes(one.charAt(0)) : one.startsWith(digit)) && !declared.includes(one),
    );
  return left.length === 0 ? 'number' : left.join(' | ');
};
