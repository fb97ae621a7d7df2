import type { Policy } from '../api/calls.ts';
import type { Tone } from '../parts/words.ts';

export type TypeRow = Policy['types'][number];

/** The most that Cordon does about a type by itself. */
export type MostDone = 'contain' | 'ask' | 'tell';

export const mostDone = ({ contain, ask }: Pick<TypeRow, 'contain' | 'ask'>): MostDone => {
  if (contain !== null) return 'contain';
  return ask === null ? 'tell' : 'ask';
};

export const doneWords: Readonly<Record<MostDone, { readonly text: string; readonly tone: Tone }>> =
  {
    contain: { text: 'Contained', tone: 'accent' },
    ask: { text: 'Asked about', tone: 'warning' },
    tell: { text: 'Reported', tone: 'neutral' },
  };

export const doneNames = ['contain', 'ask', 'tell'] as const;

/** From which severity on: `7.0`; GuardDuty gives no finding a 0. */
export const fromText = (severity: number | null): string => {
  if (severity === null) return 'never';
  return severity <= 0 ? 'always' : `from ${severity.toFixed(1)}`;
};

export const rowsOf = (
  { types }: Policy,
  wanted: { readonly word: string; readonly done: string },
): readonly TypeRow[] => {
  const word = wanted.word.trim().toLowerCase();
  return types.filter(
    (row) =>
      row.type.toLowerCase().includes(word) &&
      (wanted.done === '' || mostDone(row) === wanted.done),
  );
};

export type PolicyEntry = Policy['suppressions'][number];

/** What an entry of the configuration is about: every part must fit. */
export const scopeOf = ({ type, arn, tag, account }: PolicyEntry): readonly string[] =>
  [type, arn, tag === undefined ? undefined : `tag ${tag}`, account].filter(
    (part) => part !== undefined,
  );
