/** Numbers that look random and are the same on every machine (mulberry32). */
export const dice = (seed: number) => {
  let state = seed;
  /** A number from 0 to below `most`. */
  const below = (most: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * most);
  };
  const one = <Thing>(things: readonly Thing[]): Thing => {
    const thing = things[below(things.length)];
    if (thing === undefined) throw new Error('nothing to choose from');
    return thing;
  };
  const text = (length: number, letters: string): string =>
    Array.from({ length }, () => one(letters.split(''))).join('');
  return { below, one, text };
};

export type Dice = ReturnType<typeof dice>;

/** A UUID of version 4. */
export const uuid = ({ text, one }: Dice): string => {
  const hex = (length: number) => text(length, '0123456789abcdef');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${one(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`;
};
