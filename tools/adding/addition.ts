/** One change of one file. `make` is given the text of `from`, or of the file itself. */
export interface Edit {
  readonly file: string;
  /** The existing file that the new one is made from; none where the file itself is changed. */
  readonly from?: string;
  /** For the reader of docs/adding.md. */
  readonly what: string;
  readonly make: (text: string) => string;
}

/** Something that the product grows by, with every file that has to be edited for it. */
export interface Addition {
  readonly kind: string;
  readonly sources: readonly Edit[];
  readonly tests: readonly Edit[];
  /** Test files that must pass once the edits are made. */
  readonly proof: readonly string[];
  readonly most: 2 | 3 | 5;
}

/** The files that additions change or make, with their texts; one builds on the other. */
export const editedFiles = (
  additions: readonly Addition[],
  read: (file: string) => string,
): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>();
  const textOf = (file: string): string => texts.get(file) ?? read(file);
  for (const { kind, sources, tests, most } of additions) {
    if (sources.length > most)
      throw new Error(`${kind} takes ${sources.length} edits, at most ${most}`);
    for (const { file, from = file, make } of [...sources, ...tests])
      texts.set(file, make(textOf(from)));
  }
  return texts;
};
