import { Aws, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { Detector } from '../response/detector.ts';
import { findingPattern } from '../response/finding-rules.ts';
import { forwardedPattern } from '../response/tamper-patterns.ts';
import { Alerts } from '../shared/alerts.ts';
import { DeadLetters, notLaterThanAnHour } from '../shared/dead-letters.ts';
import { deployersOf } from '../shared/deny.ts';
import { RuleRole } from '../shared/rule-role.ts';

export interface ForwardProps extends StackProps {
  readonly config: Config;
  /** The region of the deployment. */
  readonly home: string;
}

const undelivered =
  'Cordon: a finding or a call of this region could not be forwarded. List it with cordon ' +
  'redrive in this region, contain by hand, then remove the reason.';

/**
 * Forwards the findings of a further region to the region of the deployment, and the calls there
 * that it has to hear of. A rule has its dead-letter queue in its own region, and an alarm its
 * topic: so both are here, and each address confirms one more subscription.
 */
export class CordonForward extends Stack {
  constructor(scope: Construct, id: string, { config, home, ...props }: ForwardProps) {
    super(scope, id, { description: `Cordon: forwards findings to ${home}`, ...props });
    const { notify, policySuffix: suffix } = config;
    const deployers = deployersOf(config.deployers);
    const alerts = new Alerts(this, 'Alerts', { notify, suffix, deployers });
    const deadLetters = new DeadLetters(this, 'RuleDeadLetters', {
      alerts,
      description: undelivered,
      deployers,
    });
    if (config.detector === 'own') new Detector(this, 'Detector');
    const bus = `arn:${Aws.PARTITION}:events:${home}:${Aws.ACCOUNT_ID}:event-bus/default`;
    const role = new RuleRole(this, 'Role', {
      action: 'events:PutEvents',
      on: bus,
      description: `Cordon: forwards events to ${home}`,
    });
    const target = { id: 'Home', arn: bus, roleArn: role.roleArn };
    const forward = (name: string, description: string, eventPattern: object): void => {
      const targets = [{ ...target, ...notLaterThanAnHour(deadLetters) }];
      deadLetters.acceptFrom(new CfnRule(this, name, { description, eventPattern, targets }));
    };
    forward('Findings', 'Cordon: GuardDuty findings', findingPattern);
    forward('Calls', 'Cordon: calls on what is contained, and on this way', forwardedPattern);
  }
}
