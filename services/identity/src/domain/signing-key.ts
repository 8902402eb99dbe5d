/** When a signing key is used. Keys are numbered: one generation is made from the next number, by whoever is first. */
export interface KeyTerm {
  readonly generation: number;
  /** From then on it signs, until the next generation does. It is published from the moment that it exists. */
  readonly activatesAt: Date;
}

export interface RotationPolicy {
  /** For how long a key signs. Milliseconds. */
  readonly rotateEveryMs: number;
  /** How long before it signs a key is published: longer than anybody keeps a copy of the key set. Milliseconds. */
  readonly publishAheadMs: number;
  /** How long a key that signs no more is still published: longer than a token lives. Milliseconds. */
  readonly keepMs: number;
}

/** The key to be made now, if there is one. The very first is used at once, since nobody can know an older set. */
export function dueKey(keys: readonly KeyTerm[], now: Date, policy: RotationPolicy): KeyTerm | undefined {
  const newest = latest(keys);
  if (!newest) return { generation: 1, activatesAt: now };
  const dueAt = newest.activatesAt.getTime() + policy.rotateEveryMs - policy.publishAheadMs;
  if (now.getTime() < dueAt) return undefined;
  return { generation: newest.generation + 1, activatesAt: new Date(now.getTime() + policy.publishAheadMs) };
}

/** The key that signs at this moment. */
export const signingKey = <Key extends KeyTerm>(keys: readonly Key[], now: Date): Key | undefined =>
  latest(keys.filter(({ activatesAt }) => activatesAt <= now));

/** The keys that somebody may need: the next, the current, and those whose last token may still be good. */
export const publishedKeys = <Key extends KeyTerm>(
  keys: readonly Key[],
  now: Date,
  policy: RotationPolicy,
): readonly Key[] =>
  keys.filter((key) => {
    const successor = keys.find(({ generation }) => generation === key.generation + 1);
    return !successor || successor.activatesAt.getTime() + policy.keepMs > now.getTime();
  });

const latest = <Key extends KeyTerm>(keys: readonly Key[]): Key | undefined =>
  keys.toSorted((one, other) => other.generation - one.generation)[0];
