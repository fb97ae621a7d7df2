/** The number of letters to insert, remove or replace that lead from one word to the other. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_cell, index) => index);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let at = 1; at <= to.length; at += 1)
      next.push(
        Math.min(
          (row[at] ?? 0) + 1,
          (next[at - 1] ?? 0) + 1,
          (row[at - 1] ?? 0) + (letter === to[at - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
};

const longest = 40;

/** The known word that was probably meant, if at most half of its letters differ. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  if (word.length > longest) return undefined;
  const guesses = known
    .map((name) => ({ name, away: name.startsWith(word) ? 0 : distance(word, name) }))
    .filter(({ name, away }) => away <= name.length / 2)
    .sort((left, right) => left.away - right.away);
  return guesses[0]?.name;
};
