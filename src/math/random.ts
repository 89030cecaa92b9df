/** Returns the next number of a random sequence: at least 0 and less than 1. */
export type Random = () => number;

/**
 * Creates a small generator that returns the same sequence for the same seed: a Weyl sequence and an integer hash (the
 * mulberry32 construction). Not for secrets.
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Returns the items in random order (Fisher-Yates), as a new array. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) {
    const at = Math.floor(random() * rest.length);
    const last = rest.pop() as T;
    result.push(at < rest.length ? (rest[at] as T) : last);
    if (at < rest.length) rest[at] = last;
  }
  return result;
}
