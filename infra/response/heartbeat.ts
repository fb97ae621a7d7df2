import { Aws, Duration } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { Alerts } from '../shared/alerts.ts';
import { type DeadLetters, notLaterThanAnHour } from '../shared/dead-letters.ts';
import { RuleRole } from '../shared/rule-role.ts';

export interface HeartbeatProps {
  readonly machine: StateMachine;
  readonly everyHours: number;
  readonly alerts: Alerts;
  readonly deadLetters: DeadLetters;
}

/** How long a heartbeat may be late, in hours, before its silence is told. */
const lateHours = 2;

/** How often the heartbeat runs; nothing where it proves nothing, because nothing is contained. */
export const heartbeatHours = ({
  heartbeat,
  observe,
  dryRun,
}: Pick<Config, 'heartbeat' | 'observe' | 'dryRun'>): number | null =>
  heartbeat === 'off' || observe === 'everything' || dryRun ? null : heartbeat.everyHours;

/** Starts the heartbeat by the clock and after each deployment, and tells when none succeeds. */
export class Heartbeat extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { machine, everyHours, alerts, deadLetters }: HeartbeatProps,
  ) {
    super(scope, id);
    const role = new RuleRole(this, 'Role', {
      action: 'states:StartExecution',
      on: machine.stateMachineArn,
      description: 'Cordon: starts the heartbeat',
    });
    const targets = [
      {
        id: 'Heartbeat',
        arn: machine.stateMachineArn,
        roleArn: role.roleArn,
        input: '{}',
        ...notLaterThanAnHour(deadLetters),
      },
    ];
    const rules = [
      new CfnRule(this, 'Clock', {
        description: 'Cordon: has a canary contained and released',
        scheduleExpression: `rate(${everyHours} hour${everyHours === 1 ? '' : 's'})`,
        targets,
      }),
      new CfnRule(this, 'Deployed', {
        description: 'Cordon: has a canary contained and released after each deployment',
        eventPattern: {
          source: ['aws.cloudformation'],
          'detail-type': ['CloudFormation Stack Status Change'],
          detail: {
            'stack-id': [Aws.STACK_ID],
            'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] },
          },
        },
        targets,
      }),
    ];
    for (const rule of rules) deadLetters.acceptFrom(rule);
    const hours = everyHours + lateHours;
    const successes = machine.metricSucceeded({ period: Duration.hours(1), statistic: 'Sum' });
    alerts.whenNone(successes, {
      id: 'HeartbeatSilent',
      hours,
      description:
        `Cordon: no heartbeat has succeeded for ${hours} hours, so it is not known whether a ` +
        'real finding would be contained. Look at the executions of the machine Heartbeat and at ' +
        'the rules that start it, then start it by hand.',
    });
  }
}
