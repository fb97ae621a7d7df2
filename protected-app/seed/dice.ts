/** Pseudo-random numbers that are the same on every machine (mulberry32). */
export const dice = (seed: number) => {
  let state = seed;
  /** A number from 0 to below `bound`. */
  const integerBelow = (bound: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
  const pick = <Choice>(choices: readonly Choice[]): Choice => {
    const choice = choices[integerBelow(choices.length)];
    if (choice === undefined) throw new Error('nothing to choose from');
    return choice;
  };
  const text = (length: number, letters: string): string =>
    Array.from({ length }, () => pick(letters.split(''))).join('');
  return { integerBelow, pick, text };
};

export type Dice = ReturnType<typeof dice>;

/** A UUID of version 4. */
export const uuid = ({ text, pick }: Dice): string => {
  const hex = (length: number) => text(length, '0123456789abcdef');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`;
};
