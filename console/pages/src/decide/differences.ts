import type { Question } from '../api/calls.ts';

/** Something that is asked now and was not, or was asked and is no more. */
export interface Difference {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

const nothing = 'nothing';

/** The question as lines, so that two of them can be compared by what people read. */
const linesOf = ({ finding, about, facts, changes, callers, ...more }: Question) =>
  new Map<string, string>([
    ['Asked', more.open ? 'waits for an answer' : 'waits for no answer'],
    ['Finding', `${finding.type}: ${finding.title}`],
    ['Severity', String(finding.severity)],
    ['Where', `${finding.account}, ${finding.region}`],
    ['About', about.map(({ kind, names }) => `${kind} ${names.join(', ')}`).join('; ') || nothing],
    ['Changes', changes.map(({ title, target }) => `${title} (${target})`).join('; ') || nothing],
    ['Callers', callers === null ? 'not known' : callers.join('; ') || nothing],
    ['Approved by', more.yeses.map(({ by }) => by).join(', ') || nobody],
    ...facts.map(({ label, text }) => [label, text] as const),
  ]);
const nobody = 'nobody';

/** What differs between the question that was read and the one that is asked now. */
export const differencesOf = (before: Question, after: Question): readonly Difference[] => {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const labels = new Set([...old.keys(), ...fresh.keys()]);
  const differing = [...labels].filter((label) => old.get(label) !== fresh.get(label));
  if (differing.length === 0)
    return [
      { label: 'Question', before: 'as you read it', after: 'asked anew, with the same words' },
    ];
  return differing.map((label) => ({
    label,
    before: old.get(label) ?? nothing,
    after: fresh.get(label) ?? nothing,
  }));
};
