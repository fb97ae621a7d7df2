import { Aws, type Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Alerts } from './alerts.ts';
import { DeadLetters } from './dead-letters.ts';
import type { FunctionPolicy } from './function-policy.ts';

/** The id of a construct, and the text that people read about it. */
interface Described {
  readonly id: string;
  readonly description: string;
}

export interface RecurringCallProps {
  readonly target: LambdaFunction;
  /** The policy of the target, which admits the role of the schedule. */
  readonly policy: FunctionPolicy;
  readonly schedule: Described & { readonly expression: string };
  readonly role: { readonly description: string; readonly path?: string };
  /** The queue of calls that could not be made; its description is the text of the alarm. */
  readonly missed: Described;
  /** A call that cannot be made is tried again for this long. */
  readonly retryFor: Duration;
  readonly alerts: Alerts;
}

/** Calls a function on a schedule, with a role that can do nothing else. */
export class RecurringCall extends Construct {
  constructor(scope: Construct, id: string, props: RecurringCallProps) {
    super(scope, id);
    const { policy, schedule, retryFor, alerts } = props;
    const { functionArn } = props.target;
    const missed = new DeadLetters(this, props.missed.id, {
      alerts,
      description: props.missed.description,
    });
    const role = new Role(this, 'Role', {
      ...props.role,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: {
        Start: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }),
            new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [missed.queueArn] }),
          ],
        }),
      },
    });
    policy.calledByRole(role.roleArn);
    new CfnSchedule(this, schedule.id, {
      description: schedule.description,
      scheduleExpression: schedule.expression,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: functionArn,
        roleArn: role.roleArn,
        input: '{}',
        deadLetterConfig: { arn: missed.queueArn },
        retryPolicy: {
          maximumEventAgeInSeconds: retryFor.toSeconds(),
          maximumRetryAttempts: 3,
        },
      },
    });
  }
}
