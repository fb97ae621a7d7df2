import type { Audit } from '../api/calls.ts';
import { csvText } from '../parts/csv.ts';
import type { Tone } from '../parts/words.ts';

type Entry = Audit['items'][number];

/** Something that a person did; a sign-in is known from what it was used for. */
export interface AuditRow {
  readonly key: string;
  readonly at: number;
  readonly who: string;
  readonly what: Entry['what'] | 'sign-in';
  /** Empty where it is about no single one. */
  readonly incident: string;
  readonly says: string;
  readonly outcome: string;
  readonly requestId: string;
  readonly signedInAt: number | null;
}

export const whatWords: Readonly<
  Record<AuditRow['what'], { readonly text: string; readonly tone: Tone }>
> = {
  'sign-in': { text: 'Signed in', tone: 'neutral' },
  answer: { text: 'Decided', tone: 'warning' },
  release: { text: 'Released', tone: 'accent' },
  'read-evidence': { text: 'Read evidence', tone: 'success' },
  'export-audit': { text: 'Exported audit', tone: 'neutral' },
  unreadable: { text: 'Not readable', tone: 'danger' },
};

/** An entry of a later version may be of a kind that this page has no words for. */
export const wordsOf = (what: string): { readonly text: string; readonly tone: Tone } =>
  Object.hasOwn(whatWords, what)
    ? whatWords[what as AuditRow['what']]
    : { text: what, tone: 'neutral' };

/** Of an entry that cannot be read nobody knows who it was. */
export const whoSays = (who: string): string => who || 'Not known';

/** The outcome in words, where the entry has a short mark for it. */
export const outcomeSays = (outcome: string): string => {
  if (outcome === 'asked') return 'requested';
  return outcome === 'taken' ? 'started, outcome pending' : outcome;
};

const rowOf = (entry: Entry): AuditRow => ({
  ...{ at: entry.at, who: entry.who, what: entry.what },
  incident: entry.incident ?? '',
  ...{ says: entry.says, outcome: entry.outcome, requestId: entry.requestId },
  key: `${entry.requestId} ${entry.outcome}`,
  signedInAt: entry.signedInAt ?? null,
});

/** The sign-ins behind the entries, each once. */
const signInsOf = (rows: readonly AuditRow[]): readonly AuditRow[] => {
  const byKey = new Map<string, AuditRow>();
  for (const row of rows) {
    if (row.signedInAt === null) continue;
    const key = `sign-in ${row.who} ${row.signedInAt}`;
    if (!byKey.has(key))
      byKey.set(key, {
        ...{ key, at: row.signedInAt, who: row.who, what: 'sign-in', incident: row.incident },
        says: 'with password and code',
        outcome: `used to ${usedTo[row.what] ?? row.what}`,
        ...{ requestId: row.requestId, signedInAt: row.signedInAt },
      });
  }
  return [...byKey.values()];
};
const usedTo: Readonly<Record<AuditRow['what'], string>> = {
  'sign-in': 'sign in',
  answer: 'decide',
  release: 'release',
  'read-evidence': 'read evidence',
  'export-audit': 'export the audit',
  unreadable: 'do what cannot be read',
};

/** What people did, with their sign-ins, in the order of time. */
export const auditRows = (entries: readonly Entry[]): readonly AuditRow[] => {
  const rows = entries.map(rowOf);
  return [...rows, ...signInsOf(rows)].sort((left, right) => left.at - right.at);
};

export const filteredRows = (
  rows: readonly AuditRow[],
  wanted: { readonly word: string; readonly what: string },
): readonly AuditRow[] => {
  const word = wanted.word.trim().toLowerCase();
  return rows.filter(
    ({ what, who, incident, says, outcome }) =>
      (wanted.what === '' || what === wanted.what) &&
      [who, incident, says, outcome].some((field) => field.toLowerCase().includes(word)),
  );
};

const iso = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());

export const auditCsv = (rows: readonly AuditRow[]): string =>
  csvText(
    ['datetime', 'who', 'what', 'incident', 'says', 'outcome', 'signed_in', 'request_id'],
    rows.map(({ at, who, what, incident, says, outcome, signedInAt, requestId }) => [
      ...[iso(at), who, what, incident, says, outcome, iso(signedInAt), requestId],
    ]),
  );

export const auditJson = (rows: readonly AuditRow[]): string =>
  `${JSON.stringify(
    rows.map(({ key: _own, at, signedInAt, ...row }) => ({
      ...{ at: iso(at), ...row },
      signedInAt: signedInAt === null ? null : iso(signedInAt),
    })),
    null,
    2,
  )}\n`;
