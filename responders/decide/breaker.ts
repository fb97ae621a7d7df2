import type { Finding } from '../finding/finding.ts';
import type { BreakerRecord } from '../incident/breaker.ts';
import type { HeldBack } from '../incident/question.ts';
import { isLike } from '../shared/patterns.ts';
import type { DecisionInput } from './rule.ts';

/** The severity that GuardDuty calls critical. */
const critical = 9;

/** Credentials that were seen in foreign hands: a cheap finding of another type proves nothing. */
const thefts = ['*:IAMUser/*CredentialExfiltration*', 'AttackSequence:IAM/CompromisedCredentials'];

/** Whose findings share a quota: all that one detector has seen. */
export const sourceOf = ({
  account,
  region,
  detectorId,
}: Pick<Finding, 'account' | 'region' | 'detectorId'>): string =>
  `${account}/${region}/${detectorId ?? 'no detector'}`;

/** What no flood of other findings holds back, and what uses no quota up. */
export const passesBreaker = ({ type, severity }: Pick<Finding, 'type' | 'severity'>): boolean =>
  severity >= critical || thefts.some((theft) => isLike(theft, type));

/** What was contained for findings like this one; a record of an older Cordon counts for each. */
const containedLike = (
  records: readonly BreakerRecord[],
  key: 'source' | 'type',
  name: string,
): readonly BreakerRecord[] =>
  records.filter(
    (record) => !record.held && (record[key] === name || (key === 'source' && !record.source)),
  );

/** The quota that is used up, with what has used it up. */
interface UsedUp {
  readonly what: string;
  readonly records: readonly BreakerRecord[];
}

const usedUp = ({ finding, recent, settings }: DecisionInput): UsedUp | undefined => {
  const { limit, limitOfType } = settings.breaker;
  if (finding.drill || finding.byHand || !recent?.ok) return undefined;
  const ofType = containedLike(recent.value, 'type', finding.type);
  if (ofType.length >= limitOfType) return { what: 'findings of this type', records: ofType };
  const ofSource = containedLike(recent.value, 'source', sourceOf(finding));
  return ofSource.length >= limit
    ? { what: 'findings of one detector', records: ofSource }
    : undefined;
};

/** Why the circuit breaker holds a containment back; `undefined` where it does not. */
export const heldBecause = (input: DecisionInput): string | undefined => {
  const quota = usedUp(input);
  if (!quota || passesBreaker(input.finding)) return undefined;
  return (
    `${quota.records.length} workloads were contained for ${quota.what} in the last ` +
    `${input.settings.breaker.minutes} minutes: ` +
    'somebody may be sending findings so that Cordon stops workloads'
  );
};

const idsOf = (records: readonly BreakerRecord[]): readonly string[] =>
  records.map(({ incident }) => incident);

const heldIn = ({ recent }: DecisionInput): readonly BreakerRecord[] =>
  recent?.ok ? recent.value.filter(({ held }) => held) : [];

/** What a question says about the breaker that has led to it. */
export const heldBackOf = (input: DecisionInput): HeldBack | undefined => {
  const quota = usedUp(input);
  if (!quota || passesBreaker(input.finding)) return undefined;
  return { contained: idsOf(quota.records), others: idsOf(heldIn(input)) };
};

/** How a decision says that a flood of others has not held it back; empty where none could. */
export const passedText = (input: DecisionInput): string => {
  if (!passesBreaker(input.finding) || !usedUp(input)) return '';
  const held = idsOf(heldIn(input));
  const named = held.length > 0 ? `, which holds back ${held.slice(0, 5).join(', ')}` : '';
  const more = held.length > 5 ? ` and ${held.length - 5} more` : '';
  return `; it passes the circuit breaker${named}${more}`;
};
