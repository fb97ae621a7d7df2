import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { Alerts } from '../shared/alerts.ts';
import { DeadLetters } from '../shared/dead-letters.ts';
import { deployersOf } from '../shared/deny.ts';
import { functionRole, names } from '../shared/names.ts';
import { FindingRules, type FindingRulesProps } from './finding-rules.ts';
import { HoldRules, type HoldRulesProps } from './hold-rules.ts';
import { questionRule } from './question-rule.ts';

const description =
  'Cordon: a rule could not deliver an event, such as a finding. List it with cordon redrive, ' +
  'contain by hand, then remove the reason and run cordon redrive --yes.';

interface IntakeTargets extends Pick<FindingRulesProps, 'machine' | 'notifier' | 'notifierPolicy'> {
  /** What checks open holds, and the roles whose calls need no check. */
  readonly holds: Omit<HoldRulesProps, 'deadLetters'>;
}

export interface FindingIntake {
  readonly rules: FindingRules;
  readonly deadLetters: DeadLetters;
}

/** How findings come in, and what happens to those that cannot. */
export const findingIntake = (
  scope: Construct,
  { policySuffix, approval, deployers }: Config,
  { holds, ...targets }: IntakeTargets,
  alerts: Alerts,
): FindingIntake => {
  const { drillBus: drillBusName, drillRole } = names(policySuffix);
  const deadLetters = new DeadLetters(scope, 'RuleDeadLetters', {
    alerts,
    description,
    deployers: deployersOf(deployers),
  });
  questionRule(scope, { ...targets, minutes: approval.remindMinutes, deadLetters });
  const rules = new FindingRules(scope, 'FindingRules', {
    ...targets,
    deadLetters,
    drillBusName,
    drillRoles: [drillRole, functionRole('HeartbeatLambda', policySuffix)],
  });
  new HoldRules(scope, 'HoldRules', { ...holds, deadLetters });
  return { rules, deadLetters };
};
