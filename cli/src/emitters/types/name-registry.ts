/** Hands out names of one file: each once, the second wish for a name gets a number. */
export interface NameRegistry {
  take(...wishes: readonly string[]): string;
  has(name: string): boolean;
}

export const nameRegistry = (taken: Iterable<string> = []): NameRegistry => {
  const used = new Set(taken);
  return {
    has: (name) => used.has(name),
    take: (...wishes) => {
      const last = wishes.at(-1) ?? '_';
      let name = wishes.find((wish) => !used.has(wish));
      for (let count = 2; name === undefined; count += 1) {
        if (!used.has(`${last}${count}`)) name = `${last}${count}`;
      }
      used.add(name);
      return name;
    },
  };
};
