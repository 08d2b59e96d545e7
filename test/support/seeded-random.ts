/** Chance that is the same each time: everything made up follows from a seed. */
export interface SeededRandom {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  happens(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** The first are the commonest, as with names: the n-th is chosen about 1/(n+4) as often. */
  pickCommon<T>(list: readonly [T, ...T[]]): T;
  weighted<T>(choices: readonly (readonly [T, number])[]): T;
  shuffle<T>(list: T[]): T[];
}

/** mulberry32: small, seeded, and random enough for made-up people. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed;

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  const below = (end: number): number => Math.floor(next() * end);

  return {
    next,
    below,
    happens: (probability) => next() < probability,
    pick: (list) => list[below(list.length)] ?? list[0],
    pickCommon(list) {
      // The inverse of the integral of 1/(n+4).
      const at = Math.floor(4 * ((list.length + 4) / 4) ** next() - 4);
      return list[at] ?? list[0];
    },
    weighted(choices) {
      let left = next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of choices) {
        left -= weight;
        if (left < 0) return value;
      }
      const last = choices.at(-1);
      if (last === undefined) throw new Error('nothing to choose from');
      return last[0];
    },
    shuffle(list) {
      for (let i = list.length - 1; i > 0; i--) {
        const j = below(i + 1);
        const [a, b] = [list[i], list[j]];
        if (a === undefined || b === undefined) continue;
        list[i] = b;
        list[j] = a;
      }
      return list;
    },
  };
}
