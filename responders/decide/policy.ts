import type { Decision, RuleAnswer } from '../incident/incident.ts';
import { isLike } from '../shared/patterns.ts';
import { passedText } from './breaker.ts';
import { type Exemption, entryText, fits, isExpired } from './entries.ts';
import { tableDay } from './finding-types.ts';
import { type DecisionInput, type KnownInput, type Rule, rowFor } from './rule.ts';
import { askable, beforeReading, certain, unreadable } from './rules.ts';
import { criticalTag, isOld, taggedWith } from './tags.ts';
import { criticalBecause } from './tier.ts';

/** A decision, with the rules that were asked for it in their order. */
export interface Ruling {
  readonly decision: Decision;
  readonly rules: readonly RuleAnswer[];
}

interface Asked {
  /** Missing where no rule has anything against a containment. */
  readonly decision?: Decision;
  readonly rules: readonly RuleAnswer[];
}

/** Asks the rules in their order until one of them decides. */
const askRules = <Input>(rules: readonly Rule<Input>[], input: Input): Asked => {
  const answers: RuleAnswer[] = [];
  for (const { name, says } of rules) {
    const decision = says(input);
    answers.push({ rule: name, said: decision?.reason ?? null });
    if (decision) return { decision, rules: answers };
  }
  return { rules: answers };
};

const known = (input: DecisionInput): KnownInput | undefined =>
  input.facts?.confirmed ? { ...input, ...input.facts.confirmed } : undefined;

const originText = ({ finding: { drill, byHand, severity } }: DecisionInput): string =>
  byHand
    ? `asked for by ${byHand.by}: ${byHand.reason}`
    : `${drill ? 'drill, ' : ''}severity ${severity}`;

const contain = (input: KnownInput): Decision => ({
  kind: 'contain',
  reason:
    `${originText(input)}, ${input.proof}${passedText(input)}` +
    (taggedWith(criticalTag, input).length > 0
      ? `; its tag ${criticalTag} is younger than the activity and does not count`
      : ''),
});

/** Entries that would have kept a workload from being contained, had they not ended. */
const expiredFor = (input: DecisionInput): readonly Exemption[] => {
  const { finding, settings, now, facts } = input;
  const confirmed = facts?.confirmed ?? { arns: [], tags: [] };
  const compared = { arns: confirmed.arns, account: finding.account };
  const fitting = (entry: Exemption) =>
    isExpired(entry, now) &&
    fits(entry, compared) &&
    (entry.tag === undefined || taggedWith(entry.tag, confirmed).length > 0);
  return [
    ...settings.neverContain.filter(fitting),
    ...settings.suppressions.filter(
      (entry) => fitting(entry) && isLike(entry.type ?? '*', finding.type),
    ),
  ];
};

/** A type that is newer than the table was decided by the default of its family. */
const warningsFor = (input: DecisionInput): string => {
  const { isKnown, family } = rowFor(input);
  const newType = isKnown
    ? ''
    : `; the type is not in the table of ${tableDay}, so ${family} decided`;
  const expired = expiredFor(input).map(
    (entry) => `; expired, so not counted: ${entryText(entry)}`,
  );
  return `${newType}${expired.join('')}`;
};

/** Why nothing is changed for this finding, whatever is decided; `undefined` where it is. */
const observation = (input: DecisionInput, subject: KnownInput | undefined): string | undefined => {
  const { everything, types, tags } = input.settings.observe;
  if (everything) return 'observe mode for everything';
  const type = types.find((pattern) => isLike(pattern, input.finding.type));
  if (type) return `observe mode for ${type}`;
  const tag = tags.find((name) => subject && isOld(name, subject, input.youngTags));
  return tag && `observe mode for the tag ${tag}`;
};

/** In observe mode a person is told what would have been done or asked. */
const observed = (decision: Decision, input: DecisionInput): Decision => {
  const why = observation(input, known(input));
  if (why === undefined || !['contain', 'ask'].includes(decision.kind)) return decision;
  return decision.kind === 'contain'
    ? { ...decision, reason: `${why}, nothing is changed: ${decision.reason}`, observed: true }
    : {
        kind: 'notify',
        reason: `${why}: Cordon would have asked, because ${decision.reason}`,
        observed: true,
      };
};

const ruling = (input: DecisionInput, decided: Decision, rules: readonly RuleAnswer[]): Ruling => {
  const decision = observed(decided, input);
  return { decision: { ...decision, reason: `${decision.reason}${warningsFor(input)}` }, rules };
};

/** The ruling from the finding alone; `undefined` when facts about the account are needed. */
export const ruleAlone = (input: DecisionInput): Ruling | undefined => {
  const { decision, rules } = askRules(beforeReading, input);
  return decision && ruling(input, decision, rules);
};

/**
 * Decides what to do, with a reason. Pure. Where facts are missing a person is asked; the finding
 * is neither contained nor dropped.
 */
export const rule = (input: DecisionInput): Ruling => {
  const early = askRules([...beforeReading, unreadable], input);
  const subject = known(input);
  if (early.decision) return ruling(input, early.decision, early.rules);
  if (!subject) throw new Error('the rule about facts lets a finding pass without facts');
  const late = askRules([...certain, ...askable], subject);
  return ruling(input, late.decision ?? contain(subject), [...early.rules, ...late.rules]);
};

/** Whether two persons must approve, as far as the account says what the workload is. */
export const needsTwoPersons = (input: DecisionInput): boolean => {
  const subject = known(input);
  return (
    input.settings.twoPersons === 'critical' &&
    subject !== undefined &&
    criticalBecause(subject) !== undefined
  );
};

/** The ruling after an approval: only the rules that no person may override still apply. */
export const ruleApproved = (input: DecisionInput, by: string): Ruling => {
  const early = askRules(beforeReading, input);
  const subject = known(input);
  const late = subject && !early.decision ? askRules(certain, subject) : undefined;
  const unread: Decision = {
    kind: 'notify',
    reason: 'still could not judge: the function or role cannot be read',
  };
  const approved: Decision = { kind: 'contain', reason: `approved by ${by}` };
  const decision = early.decision ?? late?.decision ?? (subject ? approved : unread);
  return ruling(input, decision, [...early.rules, ...(late?.rules ?? [])]);
};
