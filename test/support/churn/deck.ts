/** Things that are taken at random, each as often as the others. */
export interface Deck<T> {
  /** The next one that fits. */
  take(fits?: (item: T) => boolean): T;
}

export function createDeck<T>(items: readonly T[], random: () => number): Deck<T> {
  const rest: T[] = [];
  return {
    take(fits = () => true) {
      if (!rest.some(fits)) rest.push(...shuffled(items, random));
      const [item] = rest.splice(rest.findIndex(fits), 1);
      if (item === undefined || !fits(item)) throw new Error('nothing fits');
      return item;
    },
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const ranked = items.map((item) => ({ item, rank: random() }));
  return ranked.toSorted((left, right) => left.rank - right.rank).map(({ item }) => item);
}
