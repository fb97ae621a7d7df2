import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { Alerts } from '../shared/alerts.ts';
import { DeadLetters } from '../shared/dead-letters.ts';
import { names } from '../shared/names.ts';
import { FindingRules, type FindingRulesProps } from './finding-rules.ts';
import { TamperWatch } from './tamper-watch.ts';

const description =
  'Cordon: a finding could not be handed to the incident response. Read it in the queue ' +
  'RuleDeadLetters and contain by hand.';

export interface FindingIntake {
  readonly rules: FindingRules;
  readonly deadLetters: DeadLetters;
}

/** How findings come in, and what happens to those that cannot. */
export const findingIntake = (
  scope: Construct,
  { policySuffix }: Config,
  targets: Pick<FindingRulesProps, 'machine' | 'notifier'>,
  alerts: Alerts,
): FindingIntake => {
  const { drillBus: drillBusName, drillRole: drillRoleName } = names(policySuffix);
  const deadLetters = new DeadLetters(scope, 'RuleDeadLetters', { alerts, description });
  new TamperWatch(scope, 'TamperWatch', { alerts, deadLetters });
  const rules = new FindingRules(scope, 'FindingRules', {
    ...targets,
    deadLetters,
    drillBusName,
    drillRoleName,
  });
  return { rules, deadLetters };
};
