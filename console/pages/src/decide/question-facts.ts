import type { Question } from '../api/calls.ts';

type Fact = Question['facts'][number];

/** What fails while the workload is contained. */
const breaks = new Set(['Breaks', 'Same role', 'Backlog', 'Used']);

/** Plain names of what the API calls shortly. */
const plainNames: Readonly<Record<string, string>> = {
  Breaks: 'Calls it',
  'Same role': 'Uses its role',
  Backlog: 'Waits for it',
  Used: 'In use',
  Waiting: 'If nobody answers',
};

const named = ({ label, text }: Fact) => ({ label: plainNames[label] ?? label, text });

export const breaksOf = ({ facts }: Question) =>
  facts.filter(({ label }) => breaks.has(label)).map(named);

/** What runs on although the workload is contained. */
const goesOn = 'Goes on';

export const goesOnOf = ({ facts }: Question): readonly string[] =>
  facts.filter(({ label }) => label === goesOn).map(({ text }) => text);

export const whyOf = ({ facts }: Question) =>
  facts.filter(({ label }) => !breaks.has(label) && label !== goesOn).map(named);

/** Whom the question is about, in a few words for a heading. */
export const nameOf = ({ about }: Question): string => about[0]?.names[0] ?? 'an unknown workload';
