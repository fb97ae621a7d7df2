import type { Decision, RuleAnswer } from '../incident/incident.ts';
import type { Grant } from '../shared/grant.ts';
import { expiredEntries } from './entries.ts';
import { kinds } from './kinds.ts';
import { rule, ruleAlone } from './policy.ts';
import type { DecisionInput } from './rule.ts';
import { beforeReading } from './rules.ts';

/** What the policy says about a finding, as far as that is known. */
export interface Explanation {
  /** Null where facts about the account are needed. */
  readonly decision: Decision | null;
  readonly rules: readonly RuleAnswer[];
  /** What would be read of the account before the next rules are asked. */
  readonly reads: readonly string[];
  /** Entries of the configuration that have ended. */
  readonly expired: readonly string[];
}

const readText = ({ on, may }: Grant): string => `${may.join(', ')} on ${on}`;

/** What is read about the workload that a finding names. */
const readsOf = ({ identified }: DecisionInput): readonly string[] =>
  'cannot' in identified
    ? []
    : [
        ...kinds
          .filter(({ possible }) => possible(identified.named, { further: new Map() }).length > 0)
          .flatMap(({ calls }) => calls.map(readText)),
        'the number of recent containments, in the case table',
        'GetFindings of GuardDuty, which proves that the finding is real',
      ];

/** The decision with every rule that was asked; without facts, as far as the finding decides. */
export const explain = (input: DecisionInput): Explanation => {
  const { settings, now, facts } = input;
  const expired = expiredEntries(settings, now);
  const ruling = facts ? rule(input) : ruleAlone(input);
  if (ruling) return { ...ruling, reads: [], expired };
  const rules = beforeReading.map(({ name }) => ({ rule: name, said: null }));
  return { decision: null, rules, reads: readsOf(input), expired };
};
