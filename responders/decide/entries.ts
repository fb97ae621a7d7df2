import { numberAt, textAt } from '../shared/json.ts';
import { isLike } from '../shared/patterns.ts';
import { wantedList, wantedNumber, wantedText, wrong } from '../shared/wanted.ts';

/** What an entry of the configuration is about: every part that it has must fit. */
export interface EntryScope {
  /** An ARN, with `*` as wildcard. */
  readonly arn?: string;
  /** `key=value` */
  readonly tag?: string;
  readonly account?: string;
}

/** What a person has decided about a scope, and for how long. */
export interface Exemption extends EntryScope {
  readonly because: string;
  /** Missing in entries of older configurations. */
  readonly owner?: string;
  /** From this moment it does not count any more, in epoch milliseconds; missing: no end. */
  readonly until?: number;
}

/** Findings that are only recorded. */
export interface Suppression extends Exemption {
  /** A finding type, with `*` as wildcard. */
  readonly type?: string;
  readonly owner: string;
  readonly until: number;
}

const scopeOf = (source: unknown): EntryScope => {
  const [arn, tag, account] = ['arn', 'tag', 'account'].map((name) => textAt(source, name));
  return { ...(arn && { arn }), ...(tag && { tag }), ...(account && { account }) };
};

/** Readers of one entry; an EdgeError names what is wrong. */
export const exemptionOf = (source: unknown, path: string): Exemption => {
  const scope = scopeOf(source);
  const [because, owner] = [textAt(source, 'because'), textAt(source, 'owner')];
  const until = numberAt(source, 'until');
  if (because === null || Object.keys(scope).length === 0)
    throw wrong(path, 'an ARN, a tag or an account, and a reason', source);
  return { ...scope, because, ...(owner && { owner }), ...(until !== null && { until }) };
};

export const suppressionOf = (source: unknown): Suppression => {
  const type = textAt(source, 'type');
  return {
    ...scopeOf(source),
    ...(type && { type }),
    because: wantedText(source, 'because'),
    owner: wantedText(source, 'owner'),
    until: wantedNumber(source, 'until'),
  };
};

export const wantedEntries = <T>(
  source: unknown,
  path: string,
  read: (source: unknown, path: string) => T,
): readonly T[] => wantedList(source, path).map((entry, index) => read(entry, `${path}.${index}`));

/** Whether an entry has ended: at its moment it counts no more. */
export const isExpired = ({ until }: Pick<Exemption, 'until'>, now: number): boolean =>
  until !== undefined && now >= until;

/** Whether ARN and account of an entry fit; its tag is compared elsewhere, with the tag's age. */
export const fits = (
  { arn, account }: EntryScope,
  of: { readonly arns: readonly string[]; readonly account: string },
): boolean =>
  (arn === undefined || of.arns.some((name) => isLike(arn, name))) &&
  (account === undefined || account === of.account);

/** What a person is told of the entries that have ended. */
export const expiredEntries = (
  {
    neverContain,
    suppressions,
  }: { readonly neverContain: readonly Exemption[]; readonly suppressions: readonly Suppression[] },
  now: number,
): readonly string[] =>
  [...neverContain, ...suppressions].filter((entry) => isExpired(entry, now)).map(entryText);

/** `role/break-glass (anna, until 2026-12-31T17:00Z): the way back in` */
export const entryText = ({
  because,
  owner,
  until,
  ...scope
}: Exemption & Pick<Suppression, 'type'>): string => {
  const about = [scope.type, scope.arn, scope.tag, scope.account].filter(
    (part) => part !== undefined,
  );
  const end = until === undefined ? '' : `until ${new Date(until).toISOString()}`;
  const who = [owner, end].filter(Boolean).join(', ');
  return `${about.join(' and ')}${who ? ` (${who})` : ''}: ${because}`;
};
