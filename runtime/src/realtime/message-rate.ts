/** How many messages one client may send: a bucket that fills evenly. */
export interface RateOfMessages {
  readonly messages: number;
  readonly windowMs: number;
}

/** @returns whether one more is within the limit */
export const limitMessages = ({ messages, windowMs }: RateOfMessages): (() => boolean) => {
  let left = messages;
  let at = performance.now();
  return () => {
    const now = performance.now();
    left = Math.min(messages, left + ((now - at) * messages) / windowMs);
    at = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
};
