/** Freezes a tree, shared parts and cycles included. */
export const deepFreeze = <T>(root: T): T => {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) continue;
    Object.freeze(value);
    waiting.push(...Object.values(value));
  }
  return root;
};
